/** The whole store from outside: real files, real threads, real processes. */
package dev.atll.blackbox;
