package io.campanile.identity.people;

import io.campanile.common.http.ApiException;
import java.util.regex.Pattern;

/** What a user may be called. */
public final class UserNames {
    /** It names the home folder, so it must be a name that a folder can have. */
    private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[^\\p{Cntrl}\\p{Cs}\\s/]{1,128}");

    private UserNames() {}

    public static String require(String userName) {
        if (!FORM.matcher(userName).matches()) {
            throw ApiException.invalid(
                    "A user name has 1 to 128 characters, no blanks and no slash, and is neither . nor ..");
        }
        return userName;
    }

    /** How somebody is shown who has given no name. */
    public static String shown(String userName) {
        int at = userName.indexOf('@');
        return at > 0 ? userName.substring(0, at) : userName;
    }
}
