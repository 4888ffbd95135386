/** Keeps the plan of the house: floors, seams and tidiness, checked on the compiled code. */
package dev.atll.arch;
