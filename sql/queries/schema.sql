-- Which migrations this database has seen. The table itself is made by sql/migrate.c.

-- schema_lock() one schema_lock
-- One migration at a time. Waits a second: whoever wants to wait longer asks again.
-- -> locked bool
SELECT COALESCE(GET_LOCK('invited_migrate', 1), 0) AS locked;

-- schema_unlock() one schema_lock
-- The end of schema_lock.
-- -> locked bool
SELECT COALESCE(RELEASE_LOCK('invited_migrate'), 0) AS locked;

-- schema_migrations() many schema_migration
-- Everything that was applied, in order.
-- -> number u64, name text, checksum hash
SELECT number, name, checksum FROM schema_migration ORDER BY number;

-- schema_migration_add(number u64, name text, checksum hash) exec
-- Write down that a migration was applied.
INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (:number, :name, :checksum, UTC_TIMESTAMP(6));

-- schema_engine() one schema_engine
-- How many tables could lose an answered request: those of another engine than InnoDB.
-- -> others u64
SELECT COUNT(*) AS others FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND t.engine <> 'InnoDB';
