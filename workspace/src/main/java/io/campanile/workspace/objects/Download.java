package io.campanile.workspace.objects;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * Something on its way out: whoever takes it reads {@code content} to its end or closes it.
 *
 * @param fileType as {@code file_type} says it; empty where there is none
 */
record Download(String name, String fileType, long length, InputStream content) {
    static Download of(String name, String fileType, byte[] content) {
        return new Download(name, fileType, content.length, new ByteArrayInputStream(content));
    }
}
