package dev.atll.api;

/**
 * A copied key and value.
 *
 * @param key the key
 * @param value the value
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier, compared by nobody
public record Entry(byte[] key, byte[] value) {}
