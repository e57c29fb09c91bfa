package io.campanile.workspace.git;

import io.campanile.common.auth.Caller;
import org.eclipse.jgit.lib.Repository;

/** A git folder in one operation, which has it alone. */
record Session(Caller caller, RepoStore.Repo repo, Repository git, Allowance allowance) {}
