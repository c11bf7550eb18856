-- Run once in the migrated template. rig.empty() brings a database back to what the migrations left: triggers
-- (append-only tables have some) and foreign keys rest meanwhile; only tables that have rows are touched;
-- numbering starts where it did.
CREATE SCHEMA rig;
CREATE TABLE rig.numbering AS
    SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$
DECLARE t name; has_rows boolean;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t) INTO has_rows;
        IF has_rows THEN EXECUTE format('CREATE TABLE rig.%I AS TABLE public.%I', t, t); END IF;
    END LOOP;
END $$;
CREATE FUNCTION rig.empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t name; n record; has_rows boolean;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t) INTO has_rows;
        IF pg_relation_size(format('public.%I', t)) > 262144 THEN
            EXECUTE format('TRUNCATE public.%I CASCADE', t);
        ELSIF has_rows THEN
            EXECUTE format('DELETE FROM public.%I', t);
        END IF;
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'rig' AND tablename <> 'numbering' LOOP
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM rig.%I', t, t);
    END LOOP;
    FOR n IN SELECT now.sequencename, kept.last_value FROM pg_sequences now
             LEFT JOIN rig.numbering kept ON kept.name = now.sequencename
             WHERE now.schemaname = 'public' AND now.last_value IS DISTINCT FROM kept.last_value LOOP
        PERFORM setval(format('public.%I', n.sequencename)::regclass,
                       coalesce(n.last_value, 1), n.last_value IS NOT NULL);
    END LOOP;
END $$;
