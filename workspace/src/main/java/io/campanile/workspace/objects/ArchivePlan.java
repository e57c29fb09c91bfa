package io.campanile.workspace.objects;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.archives.Archive;
import io.campanile.workspace.archives.ArchiveLimits;
import io.campanile.workspace.formats.DbcFormat;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.SourceFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an archive will become below a folder: decided, and refused, before anything is written. */
final class ArchivePlan {
    /** What a FILE's name ends with in a DBC archive, where other endings mean notebooks. */
    static final String FILE_ENDING = ".file";

    private static final int HEADER_BYTES = 128;

    private final boolean dbc;
    private final WorkspacePath base;
    /** By the path as it is compared. Folders before what is in them. */
    private final Map<String, Item> items = new LinkedHashMap<>();

    /** How a notebook is written in the archive. */
    enum Form {
        DBC,
        SOURCE,
        JUPYTER
    }

    /**
     * One object to be made.
     *
     * @param segments names below the base
     * @param entry where its content is; null for folders
     * @param form of notebooks
     * @param language of notebooks, as far as the name tells
     */
    record Item(
            List<String> segments,
            ObjectType type,
            Archive.@Nullable Entry entry,
            @Nullable Form form,
            @Nullable Language language) {
        String name() {
            return segments.get(segments.size() - 1);
        }

        String parent() {
            return String.join("/", segments.subList(0, segments.size() - 1));
        }

        String shown() {
            return String.join("/", segments);
        }
    }

    private ArchivePlan(boolean dbc, WorkspacePath base) {
        this.dbc = dbc;
        this.base = base;
    }

    /** Plans the objects of an archive below {@code base}. */
    static List<Item> of(Archive archive, boolean dbc, WorkspacePath base) throws IOException {
        ArchivePlan plan = new ArchivePlan(dbc, base);
        for (Archive.Entry entry : archive.entries()) {
            Item item;
            try {
                item = plan.item(archive, entry);
                plan.checkPlace(item);
            } catch (ApiException e) {
                throw naming(entry.shown(), e);
            }
            plan.add(item);
        }
        return new ArrayList<>(plan.items.values());
    }

    /** The same refusal, saying which entry it is about. */
    static ApiException naming(String entry, ApiException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return message.startsWith("Entry '")
                ? refusal
                : new ApiException(refusal.code(), "Entry '" + entry + "': " + message, refusal);
    }

    private Item item(Archive archive, Archive.Entry entry) throws IOException {
        if (entry.folder()) {
            return new Item(entry.segments(), ObjectType.DIRECTORY, null, null, null);
        }
        String name = entry.name();
        int dot = name.lastIndexOf('.');
        String ending = dot < 0 ? "" : name.substring(dot + 1);
        if (dbc) {
            Optional<Language> language = DbcFormat.languageOf(ending);
            if (language.isPresent()) {
                return new Item(
                        renamed(entry, name.substring(0, dot)), ObjectType.NOTEBOOK, entry, Form.DBC, language.get());
            }
            String plain = name.endsWith(FILE_ENDING) ? name.substring(0, dot) : name;
            return new Item(renamed(entry, plain), ObjectType.FILE, entry, null, null);
        }
        if (ending.toLowerCase(Locale.ROOT).equals("ipynb")) {
            return new Item(renamed(entry, name.substring(0, dot)), ObjectType.NOTEBOOK, entry, Form.JUPYTER, null);
        }
        Optional<Language> language =
                Language.ofFileName(name).filter(of -> SourceFormat.isNotebook(head(archive, entry), of));
        return language.isPresent()
                ? new Item(
                        renamed(entry, name.substring(0, dot)), ObjectType.NOTEBOOK, entry, Form.SOURCE, language.get())
                : new Item(entry.segments(), ObjectType.FILE, entry, null, null);
    }

    private static String head(Archive archive, Archive.Entry entry) {
        return new String(archive.head(entry, HEADER_BYTES), StandardCharsets.UTF_8);
    }

    private void checkPlace(Item item) {
        item.segments().forEach(WorkspacePath::checkName);
        WorkspacePath.parse(base + "/" + item.shown());
    }

    private void add(Item item) {
        for (int depth = 1; depth < item.segments().size(); depth++) {
            put(new Item(item.segments().subList(0, depth), ObjectType.DIRECTORY, null, null, null));
        }
        put(item);
    }

    private void put(Item item) {
        Item there = items.putIfAbsent(FoldedNames.fold(item.shown()), item);
        if (items.size() > ArchiveLimits.ENTRIES) {
            throw ApiException.invalid(
                    "content has more than " + ArchiveLimits.ENTRIES + " folders, notebooks and files");
        }
        if (there == null) {
            return;
        }
        if (!there.segments().equals(item.segments())) {
            throw ApiException.invalid("Entries '" + there.shown() + "' and '" + item.shown()
                    + "' differ only in capitals; rename one of them");
        }
        if (there.type() != ObjectType.DIRECTORY || item.type() != ObjectType.DIRECTORY) {
            throw ApiException.invalid("Entry '" + item.shown() + "' is in the archive twice");
        }
    }

    private static List<String> renamed(Archive.Entry entry, String name) {
        List<String> segments = new ArrayList<>(entry.segments());
        segments.set(segments.size() - 1, name);
        return segments;
    }
}
