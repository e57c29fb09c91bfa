package io.campanile.common.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantStatementTest {
    private static final Set<String> TABLES = Set.of("note", "visit");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "select 1",
                "select id from setting where key = ?",
                "set transaction isolation level repeatable read read only",
                "select pg_advisory_xact_lock(hashtext(?), ?)",
                "select \"note\".\"id\" from \"note\" where (\"note\".\"workspace_id\" = ? and \"note\".\"id\" = ?)",
                "select id from note n where n.workspace_id = ? order by id limit 3 for update skip locked",
                "select n.id from note as n join visit v on v.workspace_id = n.workspace_id where n.workspace_id = ?",
                "select id from (\"note\" join visit on (visit.workspace_id = note.workspace_id)) where ? ="
                        + " note.workspace_id",
                "select id from note n left join visit v on (v.workspace_id = n.workspace_id and v.id = n.id)"
                        + " where n.workspace_id = ?",
                "insert into note (workspace_id, id) values (?, ?) on conflict (workspace_id, id) do update set id = ?",
                "insert into note (workspace_id, id) values (?, ?) on conflict do nothing",
                "insert into note as n (workspace_id, id) values (?, ?) on conflict (id) do update set id = excluded.id"
                        + " where n.workspace_id = excluded.workspace_id",
                "insert into note (id, workspace_id) select id, workspace_id from visit where workspace_id = ?",
                "insert into note (id, workspace_id) select id, v.workspace_id from visit v join setting on v.id = k"
                        + " where v.workspace_id = ? on conflict do nothing",
                "update note set id = ? where workspace_id = ? and id in (select id from visit where workspace_id = ?)",
                "update note as n set id = v.id from visit v where n.workspace_id = v.workspace_id and v.workspace_id"
                        + " = ?",
                "delete from note where (workspace_id, id) in ((?, ?), (?, ?))",
                "delete from note where (workspace_id, id) = (?, ?)",
                "delete from note where (workspace_id, id) in (select workspace_id, id from visit where workspace_id ="
                        + " ?)",
                "delete from note using visit where visit.workspace_id = ? and note.workspace_id = visit.workspace_id",
                "select id from note where extract(epoch from at) > 1 and workspace_id = ?",
                "select id from note where a is distinct from b and workspace_id in (?, ?)",
                "select id from note where workspace_id = cast(? as bigint)",
                "select id from note where workspace_id = any(?) and id between ? and ?",
                "select id from note where (workspace_id = ? and id = ?) or (id = ? and workspace_id = ?)",
                "select id from note n where n.workspace_id = ? and not exists (select 1 from visit later"
                        + " where (later.workspace_id = n.workspace_id and later.id > n.id))",
                "select exists (select 1 from note where note.workspace_id = ?)",
                "(select id from note where workspace_id = ?) union (select id from visit where workspace_id = ?)",
                "with recursive chain(id) as (select id from note where workspace_id = ? union all"
                        + " select up.id from note up join chain on up.workspace_id = ? and up.id = chain.id)"
                        + " select * from chain join note t on t.workspace_id = ? and t.id = chain.id",
                "select 'from note' as text -- from note",
                "select $$ from note $$, E'it\\'s from note', 'it''s from note'"
            })
    void aStatementThatNamesItsWorkspacePasses(String sql) {
        assertThat(TenantStatement.problem(sql, TABLES)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id from note",
                "SELECT id FROM Note",
                "select id from public.note",
                "table note",
                "select 1 where exists (table note)",
                "select n.id from note n join visit v on (v.workspace_id = n.workspace_id) where n.id = ?",
                "select id from note where workspace_id = workspace_id",
                "select id from note where workspace_id = id",
                "select id from note where workspace_id = ? or true",
                "select id from note where (workspace_id = ? and id = ?) or id = ?",
                "select id from note where not (workspace_id = ?)",
                "select id from note where (workspace_id = ?) is not true",
                "select id from note where case when workspace_id = ? then true else true end",
                "select id from note where coalesce(workspace_id = ?, true)",
                "select id from note where id between ? and workspace_id = ?",
                "select workspace_id from note where id = ?",
                "select * from note where workspace_id is not null",
                "select * from note where workspace_id <> ?",
                "select * from note where workspace_id >= ?",
                "select * from note where workspace_id not in (?)",
                "select * from note where workspace_id in (?, id)",
                "select * from note where workspace_id in (select id from setting)",
                "select * from note where (workspace_id, id) in ((workspace_id, ?))",
                "select * from note order by workspace_id",
                "select count(*) from note group by id having workspace_id = ?",
                "select n.id from note n left join visit v on n.workspace_id = ? and v.workspace_id = n.workspace_id",
                "select n.id from note n left join visit v on v.workspace_id = n.workspace_id and v.workspace_id = ?",
                "select n.id from note n right join visit v on v.workspace_id = n.workspace_id and v.workspace_id = ?",
                "update note set workspace_id = ? where id = ?",
                "update note set workspace_id = ? where workspace_id = ?",
                "update note set (id, workspace_id) = (?, ?) where workspace_id = ?",
                "update note set id = ? from visit where visit.workspace_id = ?",
                "delete from note where id = ? returning workspace_id",
                "delete from note using visit where visit.workspace_id = ? and visit.id = note.id",
                "insert into note (id) values (?)",
                "insert into note values (?, ?)",
                "insert into note default values",
                "insert into note (id) values (?) on conflict (workspace_id) do nothing",
                "insert into note (workspace_id, id) values (?, ?) on conflict (id) do update set text = ?",
                "insert into note (workspace_id, id) select ?, id from visit where id = ?",
                "select n.id from note n join visit v on v.id = n.id where n.workspace_id = ?",
                "select n.id from note n, visit v where n.workspace_id = ? and v.id = n.id",
                "select id from setting where id in (select id from note)",
                "select (select count(*) from note)",
                "select * from (select * from note) as n where n.workspace_id = ?",
                "select * from setting, lateral (select * from note where note.id = setting.id) as n",
                "select id from note where workspace_id = ? union all select id from visit",
                "((select id from note where workspace_id = ?) union all (select id from visit))",
                "select id from note where workspace_id = ? and exists (select 1 from visit where visit.id = note.id)",
                "with old as (delete from note where at < ? returning id) select count(*) from old",
                "select id from \"note\" where id = 'workspace_id = 1'",
                "select id from note where id = ? /* workspace_id = ? */",
                "select id from note where id = ? /* /* x */ and workspace_id = ? */",
                "select id from note where id = $$ and workspace_id = 1 $$",
                "select id from note where id = E'\\' and workspace_id = 1 and text = '",
                "truncate note; select 1 from note",
                "truncate note",
                "copy note to stdout",
                "merge into note using setting on true when matched then delete",
                "do 'begin delete from x; end'",
                "select (1"
            })
    void aStatementThatDoesNotIsFound(String sql) {
        assertThat(TenantStatement.problem(sql, TABLES)).isPresent();
    }
}
