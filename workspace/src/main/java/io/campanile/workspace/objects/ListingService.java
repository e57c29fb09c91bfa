package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Long lists, page by page: what a folder has, and what a name leads to. Only what the caller may know of. */
public final class ListingService {
    private static final int LONGEST_QUERY = 256;
    private static final int PIECE = 500;
    /** How many hits that are not for the caller one request looks at. */
    private static final int MOST_LOOKED_AT = 10_000;

    private final Tree tree;
    private final ListingStore store;

    public ListingService(Tree tree, ListingStore store) {
        this.tree = requireNonNull(tree, "tree");
        this.store = requireNonNull(store, "store");
    }

    /** Some live entries of a folder: folders first, by name. */
    Page<Located> children(Caller caller, Located folder, Page.@Nullable Key after, int limit) {
        List<Located> page = new ArrayList<>();
        Page.Key from = after;
        while (true) {
            int wanted = limit - page.size();
            List<WorkspaceObject> found =
                    store.children(caller.workspaceId(), folder.object().objectId(), from, wanted);
            page.addAll(tree.known(caller, folder, found));
            if (found.size() < wanted) {
                return new Page<>(page, null);
            }
            WorkspaceObject last = found.get(found.size() - 1);
            from = new Page.Key(last.type().name(), last.name());
            if (page.size() == limit) {
                return new Page<>(page, from);
            }
        }
    }

    /** Objects by name, without regard to accents and capitals: first those that begin with the text. */
    Page<Located> search(Caller caller, String query, @Nullable ObjectType type, Page.@Nullable Key after, int limit) {
        if (query.length() > LONGEST_QUERY || query.indexOf('\0') >= 0) {
            throw ApiException.invalid(
                    "q has more than " + LONGEST_QUERY + " characters, or one that names cannot have");
        }
        String folded = store.folded(query.strip());
        if (folded.isEmpty()) {
            throw ApiException.invalid("q must have a letter or another character of a name");
        }
        Place place = Place.of(after);
        List<Located> page = new ArrayList<>();
        int looked = 0;
        // Most callers may know of what they find: no more is looked at than asked for, until that was not enough.
        int piece = Math.min(PIECE, limit);
        while (page.size() < limit && looked < MOST_LOOKED_AT) {
            List<ListingStore.Hit> hits = store.search(
                    caller.workspaceId(), folded, place.prefix(), type, place.name(), place.objectId(), piece);
            Map<Long, Located> known = known(caller, hits);
            for (ListingStore.Hit hit : hits) {
                looked++;
                place = new Place(place.prefix(), hit.searchName(), hit.object().objectId());
                Optional.ofNullable(known.get(hit.object().objectId())).ifPresent(page::add);
                if (page.size() == limit) {
                    return new Page<>(page, place.key());
                }
            }
            if (hits.size() < piece && !place.prefix()) {
                return new Page<>(page, null);
            }
            if (hits.size() < piece) {
                place = new Place(false, null, 0);
            }
            piece = Math.min(PIECE, 2 * piece);
        }
        return new Page<>(page, place.key());
    }

    /** By id, those the caller may know of and that are in no thrown away folder. */
    private Map<Long, Located> known(Caller caller, List<ListingStore.Hit> hits) {
        List<Long> ids = hits.stream().map(hit -> hit.object().objectId()).toList();
        return tree.known(caller, ids).stream()
                .filter(Located::isLive)
                .collect(Collectors.toMap(located -> located.object().objectId(), located -> located));
    }

    /** Where a search has come to: among the names that begin with the text, or among the others. */
    private record Place(boolean prefix, @Nullable String name, long objectId) {
        private static final String BEGINS = "b";
        private static final String HAS = "h";

        static Place of(Page.@Nullable Key key) {
            if (key == null) {
                return new Place(true, null, 0);
            }
            String[] parts = key.first().split(" ", 2);
            boolean known = parts.length == 2 && (parts[0].equals(BEGINS) || parts[0].equals(HAS));
            try {
                if (known) {
                    String name = key.second().isEmpty() ? null : key.second();
                    return new Place(parts[0].equals(BEGINS), name, Long.parseLong(parts[1]));
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw ApiException.invalid("page_token is not one that was given out");
        }

        Page.Key key() {
            return new Page.Key((prefix ? BEGINS : HAS) + " " + objectId, name == null ? "" : name);
        }
    }
}
