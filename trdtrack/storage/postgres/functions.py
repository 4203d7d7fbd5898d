"""The server's own functions: whose patients are whose, and the history that nobody but they can add to.

They run with the rights of the schema's owner, as whom nobody logs in, and go by the login alone. Whatever a person
types into psql, a line has to continue the chain, to hold what it says, and to be in that person's name.
"""

from __future__ import annotations

from trdtrack.domain.exported import Exported
from trdtrack.storage.chain_words import ERASE

LOCKS = 0x54524454
"""The first of two numbers under which advisory locks are held: 0 is the chain, 1 the caseload as a whole."""
ME = 'session_user::text COLLATE "default"'
"""Who is logged in, as an index of texts is searched: by itself it is of another type, in another order."""
_DEFINER = "SECURITY DEFINER SET search_path = trdtrack, pg_temp"
_READS = f"LANGUAGE sql STABLE {_DEFINER}"
# The server keeps the plan of such a one, and makes that of the above anew for each statement that asks.
_ANSWERS = f"LANGUAGE plpgsql STABLE {_DEFINER}"
_DOES = f"LANGUAGE plpgsql VOLATILE {_DEFINER}"

WHOSE = (
    (
        f"CREATE OR REPLACE FUNCTION my_role() RETURNS text {_ANSWERS} AS "
        f"$$ BEGIN RETURN (SELECT coalesce((SELECT role FROM member WHERE login = {ME}), '')); END $$"
    ),
    (
        f"CREATE OR REPLACE FUNCTION sees_all() RETURNS boolean {_ANSWERS} AS "
        f"$$ BEGIN RETURN (SELECT EXISTS (SELECT FROM member WHERE login = {ME} "
        "AND (role = 'administrator' OR role = 'supervisor' AND team = ''))); END $$"
    ),
    # An array, and not a set: only so a policy lets an index find one therapist's patients among a hundred thousand.
    (
        f"CREATE OR REPLACE FUNCTION mine() RETURNS text[] {_ANSWERS} AS "
        "$$ BEGIN RETURN (SELECT coalesce(array_agg(patient), '{}') FROM assignment JOIN member USING (login) "
        f"WHERE login = {ME} AND role = 'therapist'); END $$"
    ),
    (
        f"CREATE OR REPLACE FUNCTION is_mine(one text) RETURNS boolean {_ANSWERS} AS "
        "$$ BEGIN RETURN (SELECT EXISTS (SELECT FROM assignment JOIN member USING (login) "
        f"WHERE login = {ME} AND role = 'therapist' AND patient = one)); END $$"
    ),
    (
        f"CREATE OR REPLACE FUNCTION of_my_team() RETURNS text[] {_ANSWERS} AS "
        "$$ BEGIN RETURN (SELECT coalesce(array_agg(DISTINCT a.patient), '{}') FROM assignment a "
        f"JOIN member m ON m.login = a.login JOIN member me ON me.login = {ME} AND me.role = 'supervisor' "
        "AND me.team = m.team AND me.team <> ''); END $$"
    ),
    f"""CREATE OR REPLACE FUNCTION own_what_is_added() RETURNS trigger {_DOES} AS $$ BEGIN
    IF my_role() = 'therapist' THEN
        INSERT INTO assignment (login, patient) VALUES (session_user, new.id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$""",
    # Held before anything is read, in one order: two edits of one patient come one after the other, of two together.
    f"""CREATE OR REPLACE FUNCTION hold_patients(ids text[], everything boolean) RETURNS text[] {_DOES} AS $$
DECLARE one bigint;
BEGIN
    IF everything THEN
        PERFORM pg_advisory_xact_lock({LOCKS}, 1);
    ELSE
        PERFORM pg_advisory_xact_lock_shared({LOCKS}, 1);
        FOR one IN SELECT DISTINCT hashtextextended(id, {LOCKS}) AS h FROM unnest(ids) AS id ORDER BY h LOOP
            PERFORM pg_advisory_xact_lock(one);
        END LOOP;
    END IF;
    IF my_role() = 'administrator' THEN RETURN '{{}}'; END IF;
    RETURN ARRAY(SELECT id FROM patient WHERE id = ANY (ids) AND NOT id = ANY (mine()));
END $$""",
    (
        f"CREATE OR REPLACE FUNCTION taken_codes(codes text[]) RETURNS TABLE(id text, code text, withdrawn boolean, "
        f"mine boolean) {_READS} AS $$ SELECT p.id, p.code, p.withdrawn IS NOT NULL, "
        "sees_all() OR p.id = ANY (trdtrack.mine()) FROM patient p WHERE p.code = ANY (codes) $$"
    ),
)
_PROOF = """
    IF line.seq IS DISTINCT FROM last.seq + 1 OR line.previous IS DISTINCT FROM last.hash
        OR line.hash IS DISTINCT FROM line_hash(line) THEN
        RAISE EXCEPTION 'this line does not continue the history' USING ERRCODE = 'check_violation';
    END IF;
    IF line.salt IS NOT NULL AND line.digest IS DISTINCT FROM
        text_digest(line.salt, line.before, line.after, line.why) THEN
        RAISE EXCEPTION 'this line does not hold what it says' USING ERRCODE = 'check_violation';
    END IF;"""
_WRITE = """
    INSERT INTO audit (seq, edit, undoes, at, who, title, kind, record, digest, previous, hash, about) VALUES
        (line.seq, line.edit, line.undoes, line.at, line.who, line.title, line.kind, line.record, line.digest,
        line.previous, line.hash, whom);
    IF line.salt IS NOT NULL THEN
        INSERT INTO audit_text (seq, salt, before, after, why)
            VALUES (line.seq, line.salt, line.before, line.after, line.why);
    END IF;
    INSERT INTO audit_about (patient, seq) SELECT patient, line.seq FROM unnest(whom) AS patient;
    last := ROW(line.seq, line.edit, line.hash);"""
_EACH = "FOR line IN SELECT * FROM json_populate_recordset(NULL::history_line, lines) AS l ORDER BY l.seq LOOP"
_WHOM = "whom := ARRAY(SELECT json_array_elements_text(line.about));"
_NOW = "xmin = pg_current_xact_id()::xid"
"""Whether a row was written in this very transaction."""

CHAIN = (
    # As `chain.line_hash` and `chain.text_digest` have it; ensure_ascii is what makes it long.
    """CREATE OR REPLACE FUNCTION ascii_json(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE plain text := to_json(said)::text; made text := ''; letter text; code int;
BEGIN
    IF said IS NULL THEN RETURN 'null'; END IF;
    IF octet_length(plain) = length(plain) AND strpos(plain, chr(127)) = 0 THEN RETURN plain; END IF;
    FOREACH letter IN ARRAY string_to_array(plain, NULL) LOOP
        code := ascii(letter);
        made := made || CASE
            WHEN code < 127 THEN letter
            WHEN code < 65536 THEN '\\u' || lpad(to_hex(code), 4, '0')
            ELSE '\\u' || to_hex(55296 + ((code - 65536) >> 10)) || '\\u' || to_hex(56320 + ((code - 65536) & 1023))
        END;
    END LOOP;
    RETURN made;
END $$""",
    """CREATE OR REPLACE FUNCTION line_hash(line history_line) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = trdtrack, pg_temp AS $$ BEGIN
    RETURN encode(sha256(convert_to('[' || line.seq || ', ' || line.edit || ', ' || coalesce(line.undoes::text, 'null')
        || ', ' || concat_ws(', ', ascii_json(line.at), ascii_json(line.who), ascii_json(line.title),
        ascii_json(line.kind), ascii_json(line.record), ascii_json(line.digest), ascii_json(line.previous)) || ']',
        'UTF8')), 'hex');
END $$""",
    """CREATE OR REPLACE FUNCTION text_digest(salt text, before text, after text, why text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    RETURN encode(sha256(convert_to(salt || coalesce(before, ''), 'UTF8') || '\\x00'::bytea
        || convert_to(coalesce(after, ''), 'UTF8')
        || CASE WHEN why <> '' THEN '\\x00'::bytea || convert_to(why, 'UTF8') ELSE ''::bytea END), 'hex');
END $$""",
    (
        f"CREATE OR REPLACE FUNCTION chain_end() RETURNS TABLE(seq int, edit int, hash text) {_READS} AS "
        "$$ SELECT a.seq, a.edit, a.hash FROM audit a ORDER BY a.seq DESC LIMIT 1 $$"
    ),
    (
        f"CREATE OR REPLACE FUNCTION hash_at(number int) RETURNS text {_READS} AS "
        "$$ SELECT hash FROM audit WHERE seq = number $$"
    ),
    f"""CREATE OR REPLACE FUNCTION hold_chain() RETURNS TABLE(seq int, edit int, hash text) {_DOES} AS $$ BEGIN
    PERFORM pg_advisory_xact_lock({LOCKS}, 0);
    RETURN QUERY SELECT a.seq, a.edit, a.hash FROM audit a ORDER BY a.seq DESC LIMIT 1;
END $$""",
    f"""CREATE OR REPLACE FUNCTION add_lines(lines json) RETURNS void {_DOES} AS $$
DECLARE line history_line; last chain_head; whom text[]; part text := my_role(); own text[]; ours int;
BEGIN
    SELECT h.seq, h.edit, h.hash INTO last FROM hold_chain() AS h;
    IF last.seq IS NULL THEN last := ROW(0, 0, repeat('0', 64)); END IF;
    SELECT edit INTO ours FROM audit WHERE seq = last.seq AND {_NOW};
    own := mine();
    {_EACH}
    {_WHOM}
    IF line.who IS DISTINCT FROM session_user::text OR NOT (
        part = 'administrator'
        OR part = 'supervisor' AND line.kind = '{Exported.kind}'
        OR part = 'therapist' AND NOT (line.kind = 'patient' AND line.title = '{ERASE.text}')
            AND whom <@ own
    ) THEN
        RAISE EXCEPTION 'this line is not yours to write' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF line.salt IS NULL OR NOT (line.edit = last.edit + 1 OR line.edit IS NOT DISTINCT FROM ours) THEN
        RAISE EXCEPTION 'this line does not continue the history' USING ERRCODE = 'check_violation';
    END IF;
    ours := line.edit;
    {_PROOF}
    {_WRITE}
    END LOOP;
END $$""",
    # All in the one transaction that fills an empty caseload, and never again.
    f"""CREATE OR REPLACE FUNCTION take_lines(lines json) RETURNS void {_DOES} AS $$
DECLARE line history_line; last chain_head; whom text[];
BEGIN
    SELECT h.seq, h.edit, h.hash INTO last FROM hold_chain() AS h;
    IF last.seq IS NULL THEN last := ROW(0, 0, repeat('0', 64)); END IF;
    IF my_role() <> 'administrator' OR EXISTS (SELECT FROM audit WHERE NOT {_NOW}) THEN
        RAISE EXCEPTION 'a history is taken only into an empty caseload' USING ERRCODE = 'insufficient_privilege';
    END IF;
    {_EACH}
    {_WHOM}
    {_PROOF}
    {_WRITE}
    END LOOP;
END $$""",
    # After the line of an erasure, and in its transaction, what was about that patient goes.
    f"""CREATE OR REPLACE FUNCTION forget(whose text) RETURNS void {_DOES} AS $$
DECLARE gone int[];
BEGIN
    IF my_role() <> 'administrator' OR NOT EXISTS (
        SELECT FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND kind = 'patient' AND record = whose
        AND title = '{ERASE.text}' AND {_NOW}
    ) THEN
        RAISE EXCEPTION 'only an erasure takes words out of the history' USING ERRCODE = 'insufficient_privilege';
    END IF;
    gone := ARRAY(SELECT b.seq FROM audit_about b JOIN audit a USING (seq) WHERE b.patient = whose
        AND NOT (a.kind = '{Exported.kind}' AND cardinality(a.about) > 1));
    DELETE FROM audit_text WHERE seq = ANY (gone);
    UPDATE audit SET about = array_remove(about, whose)
        WHERE seq IN (SELECT seq FROM audit_about WHERE patient = whose);
    DELETE FROM audit_about WHERE patient = whose;
    DELETE FROM draft WHERE patient = whose;
    DELETE FROM assignment WHERE patient = whose;
END $$""",
    f"""CREATE OR REPLACE FUNCTION history_stays() RETURNS trigger {_DOES} AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
        IF to_jsonb(new) - 'about' = to_jsonb(old) - 'about' AND new.about <@ old.about THEN RETURN new; END IF;
    ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_text' THEN
        IF EXISTS (SELECT FROM audit JOIN audit_about b ON b.patient = audit.record AND b.seq = old.seq
            WHERE audit.seq = (SELECT max(seq) FROM audit) AND kind = 'patient' AND title = '{ERASE.text}')
        THEN RETURN old; END IF;
    END IF;
    RAISE EXCEPTION 'the history is only added to' USING ERRCODE = 'insufficient_privilege';
END $$""",
    # No record is changed past the history, not even by bare SQL.
    f"""CREATE OR REPLACE FUNCTION has_its_line() RETURNS trigger {_DOES} AS $$
DECLARE now jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END);
BEGIN
    IF NOT EXISTS (SELECT FROM audit WHERE record = now ->> 'id' AND kind = TG_TABLE_NAME AND {_NOW})
        AND NOT EXISTS (SELECT FROM audit WHERE record = now ->> 'patient' AND title = '{ERASE.text}' AND {_NOW})
    THEN
        RAISE EXCEPTION 'a record is not changed without a line in the history' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$""",
)
MEMBERS = (
    # Only a login that was made here is given a password: another may be another program's.
    f"""CREATE OR REPLACE FUNCTION add_member(who text, part text, of_team text, verifier text)
RETURNS void {_DOES} AS $$
DECLARE one text; known boolean;
BEGIN
    IF my_role() <> 'administrator' OR who ~ '^(trdtrack|pg)_' THEN
        RAISE EXCEPTION 'only an administrator adds people' USING ERRCODE = 'insufficient_privilege';
    END IF;
    known := EXISTS (SELECT FROM pg_roles WHERE rolname = who);
    IF NOT known THEN EXECUTE format('CREATE ROLE %I LOGIN', who); END IF;
    IF verifier <> '' AND (NOT known OR EXISTS (SELECT FROM member WHERE login = who AND made)) THEN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', who, verifier);
    END IF;
    FOREACH one IN ARRAY ARRAY['therapist', 'supervisor', 'administrator'] LOOP
        IF one = part THEN
            EXECUTE format('GRANT %I TO %I', 'trdtrack_' || one, who);
        ELSIF EXISTS (SELECT FROM member WHERE login = who AND role = one) THEN
            EXECUTE format('REVOKE %I FROM %I', 'trdtrack_' || one, who);
        END IF;
    END LOOP;
    INSERT INTO member (login, role, team, made) VALUES (who, part, of_team, NOT known)
        ON CONFLICT (login) DO UPDATE SET role = part, team = of_team;
END $$""",
    # The login itself stays: it may have a part in another caseload on this server.
    f"""CREATE OR REPLACE FUNCTION remove_member(who text) RETURNS void {_DOES} AS $$ BEGIN
    IF my_role() <> 'administrator' OR who = session_user THEN
        RAISE EXCEPTION 'only another administrator removes somebody' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM assignment WHERE login = who;
    DELETE FROM draft WHERE login = who;
    DELETE FROM member WHERE login = who;
END $$""",
)
