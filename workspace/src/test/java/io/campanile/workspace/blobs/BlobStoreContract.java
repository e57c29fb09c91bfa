package io.campanile.workspace.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every store of files does alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BlobStoreContract {
    private static final long WS = 1;

    @TempDir
    Path contents;

    abstract BlobStore store();

    @Test
    void whatWasPutIsReadBackWholeAndInPart() throws IOException {
        BlobPath path = path("/whole/a file ü.txt");

        Blob put = put(path, "hello, world", Expected.ANYTHING);

        assertThat(put.size()).isEqualTo(12);
        assertThat(put.etag()).isNotEmpty().doesNotContain("\"");
        assertThat(store().find(WS, path).map(Blob::etag)).contains(put.etag());
        assertThat(text(put, 0, 12)).isEqualTo("hello, world");
        assertThat(text(put, 7, 3)).isEqualTo("wor");
        assertThat(text(put, 0, 0)).isEmpty();
        assertThat(store().find(WS, path("/whole")).map(Blob::folder)).contains(true);
        assertThat(store().find(WS, path("/whole/nothing"))).isEmpty();
    }

    @Test
    void aLargeFileIsTheSameByteForByte() throws IOException {
        byte[] bytes = new byte[20 * 1024 * 1024 + 17];
        new Random(7).nextBytes(bytes);
        Path content = Files.write(contents.resolve("large"), bytes);

        Blob put = place(path("/large"), content, Expected.ANYTHING);

        assertThat(put.size()).isEqualTo(bytes.length);
        try (InputStream in = store().read(WS, put, 0, put.size())) {
            assertThat(in).hasSameContentAs(new ByteArrayInputStream(bytes));
        }
    }

    @Test
    void whatIsExpectedIsDecidedByTheStore() throws IOException {
        BlobPath path = path("/expected/f");
        Blob first = put(path, "1", Expected.NOTHING);

        refused(() -> put(path, "2", Expected.NOTHING), ErrorCode.RESOURCE_ALREADY_EXISTS);
        refused(() -> put(path, "2", new Expected.Tagged("another")), ErrorCode.PRECONDITION_FAILED);
        refused(
                () -> put(path("/expected/none"), "2", new Expected.Tagged(first.etag())),
                ErrorCode.PRECONDITION_FAILED);
        Blob second = put(path, "22", new Expected.Tagged(first.etag()));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(text(second, 0, 2)).isEqualTo("22");
        refused(() -> store().deleteFile(WS, path, new Expected.Tagged(first.etag())), ErrorCode.PRECONDITION_FAILED);
        assertThat(store().deleteFile(WS, path, new Expected.Tagged(second.etag())))
                .isTrue();
    }

    @Test
    void largeFilesAreConditionalToo() throws IOException {
        Path content = Files.write(contents.resolve("conditional"), new byte[9 * 1024 * 1024]);
        BlobPath path = path("/conditional");
        put(path, "there", Expected.ANYTHING);

        refused(() -> place(path, content, Expected.NOTHING), ErrorCode.RESOURCE_ALREADY_EXISTS);

        assertThat(store().find(WS, path).map(Blob::size)).contains(5L);
    }

    @Test
    void ofManyWhoExpectNothingOneIsFirst() throws Exception {
        BlobPath path = path("/race/f");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String text = "writer " + i;
            writers.add(() -> {
                try {
                    put(path, text, Expected.NOTHING);
                    return true;
                } catch (ApiException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_ALREADY_EXISTS);
                    return false;
                }
            });
        }

        int won = 0;
        for (Future<Boolean> writer : pool.invokeAll(writers)) {
            won += writer.get() ? 1 : 0;
        }
        pool.shutdown();

        assertThat(won).isEqualTo(1);
    }

    @Test
    void aFileThatWasReplacedIsNotReadAsTheOldOne() throws IOException {
        BlobPath path = path("/replaced");
        Blob old = put(path, "old content", Expected.ANYTHING);
        put(path, "new", Expected.ANYTHING);

        assertThatThrownBy(() -> text(old, 0, 11)).isInstanceOf(BlobChangedException.class);

        store().deleteFile(WS, path, Expected.ANYTHING);
        assertThatThrownBy(() -> text(old, 0, 11)).isInstanceOf(BlobChangedException.class);
    }

    @Test
    void foldersAreListedPageByPage() throws IOException {
        for (String name : List.of("b", "c.txt", "ä", "Z")) {
            put(path("/listed/" + name), name, Expected.ANYTHING);
        }
        put(path("/listed/a/below"), "x", Expected.ANYTHING);
        store().makeFolders(WS, path("/listed/empty"));

        List<String> names = new ArrayList<>();
        @Nullable String next = null;
        do {
            BlobPage page = store().list(WS, path("/listed"), next, 2);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(2);
            page.entries().forEach(blob -> names.add(blob.path().name() + (blob.folder() ? "/" : "")));
            next = page.next();
        } while (next != null);

        assertThat(names).containsExactlyInAnyOrder("Z", "a/", "b", "c.txt", "empty/", "ä");
    }

    @Test
    void foldersStayWhenTheirFilesGo() throws IOException {
        put(path("/stays/f"), "x", Expected.ANYTHING);

        assertThat(store().deleteFile(WS, path("/stays/f"), Expected.ANYTHING)).isTrue();
        assertThat(store().deleteFile(WS, path("/stays/f"), Expected.ANYTHING)).isFalse();

        assertThat(store().find(WS, path("/stays")).map(Blob::folder)).contains(true);
        store().deleteFolder(WS, path("/stays"), false);
        assertThat(store().find(WS, path("/stays"))).isEmpty();
    }

    @Test
    void aFolderWithSomethingInItIsDeletedOnlyWhole() throws IOException {
        put(path("/full/a/b"), "x", Expected.ANYTHING);
        put(path("/fuller"), "x", Expected.ANYTHING);

        refused(
                () -> {
                    store().deleteFolder(WS, path("/full"), false);
                    return null;
                },
                ErrorCode.DIRECTORY_NOT_EMPTY);
        store().deleteFolder(WS, path("/full"), true);

        assertThat(store().find(WS, path("/full"))).isEmpty();
        assertThat(store().find(WS, path("/full/a/b"))).isEmpty();
        assertThat(store().find(WS, path("/fuller"))).isPresent();
    }

    @Test
    void filesAndFoldersAreNotTakenForEachOther() throws IOException {
        put(path("/kinds/file"), "x", Expected.ANYTHING);
        store().makeFolders(WS, path("/kinds/folder"));

        refused(() -> put(path("/kinds/folder"), "x", Expected.ANYTHING), ErrorCode.INVALID_PARAMETER_VALUE);
        refused(() -> put(path("/kinds/file/below"), "x", Expected.ANYTHING), ErrorCode.INVALID_PARAMETER_VALUE);
        refused(
                () -> store().deleteFile(WS, path("/kinds/folder"), Expected.ANYTHING),
                ErrorCode.INVALID_PARAMETER_VALUE);
        refused(
                () -> {
                    store().makeFolders(WS, path("/kinds/file"));
                    return null;
                },
                ErrorCode.RESOURCE_ALREADY_EXISTS);
    }

    @Test
    void thingsMoveWhereNothingIs() throws IOException {
        put(path("/moved/a/f"), "x", Expected.ANYTHING);
        put(path("/moved/taken"), "y", Expected.ANYTHING);

        store().move(WS, path("/moved/a"), path("/moved/new/b"));
        store().move(WS, path("/moved/new/b/f"), path("/moved/g"));

        assertThat(store().find(WS, path("/moved/a"))).isEmpty();
        assertThat(store().find(WS, path("/moved/g")).map(Blob::size)).contains(1L);
        refused(
                () -> {
                    store().move(WS, path("/moved/g"), path("/moved/taken"));
                    return null;
                },
                ErrorCode.RESOURCE_ALREADY_EXISTS);
        refused(
                () -> {
                    store().move(WS, path("/moved/none"), path("/moved/h"));
                    return null;
                },
                ErrorCode.RESOURCE_DOES_NOT_EXIST);
    }

    @Test
    void anotherWorkspaceHasNothingOfIt() throws IOException {
        Blob blob = put(path("/tenant/secret"), "x", Expected.ANYTHING);

        assertThat(store().find(2, path("/tenant/secret"))).isEmpty();
        assertThat(store().find(11, path("/tenant"))).isEmpty();
        assertThat(store().list(2, BlobPath.ROOT, null, 100).entries()).isEmpty();
        assertThatThrownBy(() -> store().read(2, blob, 0, 1)).isInstanceOf(BlobChangedException.class);
        assertThat(store().deleteFile(2, path("/tenant/secret"), Expected.ANYTHING))
                .isFalse();
        refused(
                () -> {
                    store().move(2, path("/tenant"), path("/mine"));
                    return null;
                },
                ErrorCode.RESOURCE_DOES_NOT_EXIST);
        assertThat(store().find(WS, path("/tenant/secret"))).isPresent();
    }

    static BlobPath path(String text) {
        return BlobPath.parse(text, "path");
    }

    Blob put(BlobPath path, String text, Expected expected) throws IOException {
        Path content = Files.createTempFile(contents, "content", "");
        Files.write(content, text.getBytes(StandardCharsets.UTF_8));
        return place(path, content, expected);
    }

    Blob place(BlobPath path, Path content, Expected expected) throws IOException {
        BlobStore.Placing placing = store().prepare(WS, path, content);
        try {
            return placing.commit(expected);
        } finally {
            placing.abort();
        }
    }

    private String text(Blob blob, long from, long length) throws IOException {
        try (InputStream in = store().read(WS, blob, from, length)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void refused(Callable<?> call, ErrorCode code) {
        ThrowingCallable throwing = call::call;
        assertThatThrownBy(throwing)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
