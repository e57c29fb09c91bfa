-- Names as FoldedNames compares them; V7, which is written in Java, fills the column for the rows that are there, and V8
-- makes it a rule.
alter table tree_object add column folded_name varchar(1024);
