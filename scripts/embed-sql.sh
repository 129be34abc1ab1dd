#!/bin/sh
# Embed sql/ in the programs: writes OUT.h and OUT.c.
#   sql/query/x-y.sql        const char sql_x_y[]
#   sql/migrate/NNNN-*.sql   sql_migrations[], each with sql/verify/NNNN-*.sql
#   sql/views/*.sql          sql_views[], in the order of their names
#   sql/roles.sql            sql_roles
#   sql/grants.sql           sql_grants
#   sql/catalogue/*.tsv      sql_catalogue, by way of scripts/classes.awk,
#                            scripts/catalogue.awk and scripts/reporters.awk
#   the last four            sql_views_digest, a SHA-256 over their text
# usage: embed-sql.sh OUT    (run at the top of the tree)
set -eu
out=$1

# Not through a pipe, which would hide that awk refuses a file.
LC_ALL=C awk -f scripts/tsv.awk -f scripts/classes.awk \
	sql/catalogue/class.tsv >"$out-catalogue.sql"
LC_ALL=C awk -f scripts/tsv.awk -f scripts/catalogue.awk \
	sql/catalogue/sender.tsv sql/catalogue/pattern.tsv >>"$out-catalogue.sql"
LC_ALL=C awk -f scripts/tsv.awk -f scripts/reporters.awk \
	sql/catalogue/reporter.tsv sql/catalogue/mailbox.tsv >>"$out-catalogue.sql"

# What --init makes anew each time has no version, but this.
digest=$(cat sql/roles.sql sql/views/*.sql "$out-catalogue.sql" sql/grants.sql |
	sha256sum | cut -d ' ' -f 1)

literal() {
	printf '\n'
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/\t"/' -e 's/$/\\n"/' "$1"
}

{
	printf '/* Made by scripts/embed-sql.sh from sql/; do not edit. */\n'
	printf '#ifndef GEN_SQL_H\n#define GEN_SQL_H\n\n'
	printf 'struct sql_migration {\n\tint version;\n\tconst char *name;\n'
	printf '\tconst char *text;\n\tconst char *verify;\n};\n\n'
	printf '/* Each list ends with a member whose text or pointer is NULL. */\n'
	printf 'extern const struct sql_migration sql_migrations[];\n'
	printf 'extern const char *const sql_views[];\n'
	printf 'extern const char *const sql_roles;\n'
	printf 'extern const char *const sql_grants;\n'
	printf 'extern const char *const sql_catalogue;\n'
	printf 'extern const char *const sql_views_digest;\n\n'
	for f in sql/query/*.sql; do
		n=$(basename "$f" .sql | tr - _)
		printf 'extern const char *const sql_%s;\n' "$n"
	done
	printf '\n#endif\n'
} >"$out.h"

{
	printf '/* Made by scripts/embed-sql.sh from sql/; do not edit. */\n'
	printf '#include "%s.h"\n\n#include <stddef.h>\n\n' "$(basename "$out")"
	printf '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
	printf 'const struct sql_migration sql_migrations[] = {'
	for f in sql/migrate/*.sql; do
		n=$(basename "$f")
		v=$(printf '%s' "$n" | sed 's/^0*\([0-9]*\)-.*/\1/')
		printf '\n\t{ %s, "%s",' "$v" "$n"
		literal "$f"
		printf '\t,'
		literal "sql/verify/$n"
		printf '\t},'
	done
	printf '\n\t{ 0, NULL, NULL, NULL }\n};\n\n'
	printf 'const char *const sql_views[] = {'
	for f in sql/views/*.sql; do
		literal "$f"
		printf '\t,'
	done
	printf '\n\tNULL\n};\n\nconst char *const sql_roles ='
	literal sql/roles.sql
	printf '\t;\n\nconst char *const sql_grants ='
	literal sql/grants.sql
	printf '\t;\n\nconst char *const sql_catalogue ='
	literal "$out-catalogue.sql"
	printf '\t;\n\nconst char *const sql_views_digest =\n\t"%s";\n' "$digest"
	for f in sql/query/*.sql; do
		n=$(basename "$f" .sql | tr - _)
		printf '\nconst char *const sql_%s =' "$n"
		literal "$f"
		printf '\t;\n'
	done
} >"$out.c"
