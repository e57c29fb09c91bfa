package io.campanile.identity.settings;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.net.AddressPolicy;
import io.campanile.common.net.AddressRange;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The rules of lists of addresses. Nobody may change them so that they could not have made the change. */
public final class AddressListService {
    private static final int MOST_ADDRESSES = 1000;
    private static final int LONGEST_LABEL = 256;

    private final SettingsStore settings;
    private final Clock clock;

    public AddressListService(SettingsStore settings, Clock clock) {
        this.settings = requireNonNull(settings, "settings");
        this.clock = requireNonNull(clock, "clock");
    }

    /** From where a workspace may be used now. */
    public AddressPolicy policy(long workspaceId) {
        return settings.policy(workspaceId);
    }

    /** The policies of those of {@code workspaceIds} that are not open to everywhere. */
    public Map<Long, AddressPolicy> policies(Collection<Long> workspaceIds) {
        Map<Long, AddressPolicy> limited = new TreeMap<>();
        for (Long workspaceId : workspaceIds) {
            AddressPolicy policy = settings.policy(workspaceId);
            if (!policy.equals(AddressPolicy.EVERYWHERE)) {
                limited.put(workspaceId, policy);
            }
        }
        return limited;
    }

    /** Throws when the workspace may not be used from there. */
    public void require(long workspaceId, String address) {
        if (!settings.policy(workspaceId).permits(address)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Source IP address " + address + " is blocked by the IP access lists of workspace " + workspaceId);
        }
    }

    AddressList create(Caller caller, String address, AddressList.Content content) {
        Instant now = clock.instant();
        AddressList list = new AddressList(
                UUID.randomUUID().toString(),
                caller.workspaceId(),
                content.label(),
                content.type(),
                content.addresses(),
                true,
                now,
                caller.userId(),
                now,
                caller.userId());
        return settings.changing(caller.workspaceId(), tx -> {
            check(tx, list);
            if (!tx.insert(list)) {
                throw taken(list.label());
            }
            requireInside(tx, caller, address);
            tx.audit(caller, resource(list.listId()), facts(list));
            return list;
        });
    }

    /** {@code edit}: what the list says afterwards. */
    AddressList update(Caller caller, String address, String listId, UnaryOperator<AddressList.Content> edit) {
        return settings.changing(caller.workspaceId(), tx -> {
            AddressList before = tx.find(caller.workspaceId(), listId).orElseThrow(() -> unknown(listId));
            AddressList after = before.with(edit.apply(before.content()), clock.instant(), caller.userId());
            check(tx, after);
            if (tx.labelled(caller.workspaceId(), after.label(), listId)) {
                throw taken(after.label());
            }
            tx.update(after);
            requireInside(tx, caller, address);
            tx.audit(caller, resource(listId), facts(after));
            return after;
        });
    }

    void delete(Caller caller, String address, String listId) {
        settings.changing(caller.workspaceId(), tx -> {
            if (!tx.delete(caller.workspaceId(), listId)) {
                throw unknown(listId);
            }
            requireInside(tx, caller, address);
            tx.audit(caller, resource(listId), Map.of());
            return true;
        });
    }

    AddressList get(Caller caller, String listId) {
        return settings.find(caller.workspaceId(), listId).orElseThrow(() -> unknown(listId));
    }

    List<AddressList> list(Caller caller) {
        return settings.list(caller.workspaceId());
    }

    static void requireInside(SettingsStore tx, Caller caller, String address) {
        if (!tx.policy(caller.workspaceId()).permits(address)) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "This would shut out your own address " + address + ": allow it first, or do not block it");
        }
    }

    private static void check(SettingsStore tx, AddressList list) {
        if (list.label().isBlank() || list.label().length() > LONGEST_LABEL) {
            throw ApiException.invalid("label has 1 to " + LONGEST_LABEL + " characters");
        }
        if (list.addresses().isEmpty()) {
            throw ApiException.invalid("ip_addresses must name at least one address");
        }
        for (String address : list.addresses()) {
            if (AddressRange.parse(address).isEmpty()) {
                throw ApiException.invalid("ip_addresses has no address or CIDR block: "
                        + (address.length() > 64 ? address.substring(0, 64) + "..." : address));
            }
        }
        long others = tx.list(list.workspaceId()).stream()
                .filter(other -> !other.listId().equals(list.listId()))
                .mapToLong(other -> other.addresses().size())
                .sum();
        if (others + list.addresses().size() > MOST_ADDRESSES) {
            throw ApiException.invalid(
                    "ip_addresses: all lists of a workspace together have at most " + MOST_ADDRESSES + " entries");
        }
    }

    private static Map<String, Object> facts(AddressList list) {
        return Map.of(
                "label", list.label(),
                "list_type", list.type(),
                "ip_addresses", list.addresses(),
                "enabled", list.enabled());
    }

    private static String resource(String listId) {
        return "ip-access-list/" + listId;
    }

    private static ApiException taken(String label) {
        return new ApiException(
                ErrorCode.RESOURCE_ALREADY_EXISTS, "An IP access list with label " + label + " already exists");
    }

    private static ApiException unknown(String listId) {
        return ApiException.notFound("IP access list "
                + (listId.length() > 64 ? listId.substring(0, 64) + "..." : listId) + " does not exist");
    }
}
