package io.campanile.node.files.dbfs;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** The same file system for Hadoop's other interface, through which tables and streams commit. */
public final class DbfsContext extends DelegateToFileSystem {
    /** Called by Hadoop by its signature. */
    public DbfsContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
        super(uri, new DbfsFileSystem(), conf, DbfsFileSystem.SCHEME, false);
    }
}
