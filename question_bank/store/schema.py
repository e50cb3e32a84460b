"""The tables of an item store, as the steps that made them; a store remembers how far it came."""

APPLICATION_ID = 0x65786264
MIGRATIONS = (
    """
    CREATE TABLE items (
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        is_current INTEGER NOT NULL,
        kind TEXT NOT NULL,
        point TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        digest TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (id, version)
    ) WITHOUT ROWID;
    CREATE INDEX items_by_fingerprint ON items (fingerprint) WHERE is_current;
    CREATE INDEX items_by_point ON items (point, kind) WHERE is_current;
    CREATE TABLE batches (
        seq INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE
    );
    CREATE TABLE uses (
        batch INTEGER NOT NULL REFERENCES batches (seq),
        item_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        form TEXT NOT NULL,
        PRIMARY KEY (batch, item_id, form)
    ) WITHOUT ROWID;
    CREATE TABLE snapshots (
        digest TEXT PRIMARY KEY,
        content BLOB NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE items ADD COLUMN difficulty INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE items ADD COLUMN source TEXT NOT NULL DEFAULT '';
    ALTER TABLE items ADD COLUMN status TEXT NOT NULL DEFAULT '';
    ALTER TABLE items ADD COLUMN enemies TEXT NOT NULL DEFAULT '[]';
    UPDATE items SET
        difficulty = json_extract(CAST(content AS TEXT), '$.difficulty'),
        source = json_extract(CAST(content AS TEXT), '$.source'),
        status = json_extract(CAST(content AS TEXT), '$.status'),
        enemies = json_extract(CAST(content AS TEXT), '$.enemies');
    CREATE TABLE pictures (
        digest TEXT PRIMARY KEY,
        content BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE practicals (
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        is_current INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (id, version)
    ) WITHOUT ROWID;
    CREATE TABLE likeness (
        value INTEGER NOT NULL,
        item_id TEXT NOT NULL,
        PRIMARY KEY (value, item_id)
    ) WITHOUT ROWID;
    CREATE TABLE acts (
        seq INTEGER PRIMARY KEY,
        item_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        act TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE INDEX acts_by_item ON acts (item_id, seq);
    """,
    # Kind and numbers are mixed into the bands since; `ItemTable` fills them in again.
    "DELETE FROM likeness",
    """
    CREATE TABLE runs (
        batch TEXT NOT NULL,
        run INTEGER NOT NULL,
        reason TEXT NOT NULL,
        certificate TEXT NOT NULL,
        PRIMARY KEY (batch, run)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE behaviour (
        item_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        batch TEXT NOT NULL,
        candidates INTEGER NOT NULL,
        p_milli INTEGER NOT NULL,
        discrimination_milli INTEGER,
        chosen TEXT NOT NULL,
        PRIMARY KEY (item_id, version, batch)
    ) WITHOUT ROWID;
    """,
)
