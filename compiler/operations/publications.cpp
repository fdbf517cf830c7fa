// Publications: the object as written, and its SQL.
#include "compiler/operations/publications.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

constexpr const char* commands[] = {"insert", "update", "delete", "truncate"};

// The server's text stands in parentheses where it is an operator, and bare where it is a call or a column.
bool enclosed(const std::string& text) {
  if (text.empty() || text.front() != '(') return false;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'' || c == '"') quote = c;
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return i + 1 == text.size();
  }
  return false;
}

std::string fact(const catalog::Object& object, const std::string& name) {
  const auto found = object.facts.find(name);
  return found == object.facts.end() ? std::string{} : found->second;
}

const catalog::Use* use_of(const catalog::Object& publication, const catalog::Name& table) {
  for (const auto& use : publication.uses)
    if (use.relation == table) return &use;
  return nullptr;
}

Fragment table_sql(const Context& ctx, const catalog::Object& publication, const catalog::Name& name) {
  const auto* table = ctx.before.table(name);
  // Without ONLY the inheritors of that moment would come along.
  const bool only = table && !table->partitioned() && !table->children.empty();
  auto text = only ? sql::sql("ONLY {}", name.sql()) : sql::sql("{}", name.sql());
  const auto* use = use_of(publication, name);
  if (use && !use->columns.empty()) text = sql::sql("{} ({})", text, names(use->columns));
  const auto filter = fact(publication, "where " + name.text());
  if (filter.empty()) return text;
  return enclosed(filter) ? sql::sql("{} WHERE {}", text, expression(filter))
                          : sql::sql("{} WHERE ({})", text, expression(filter));
}

Fragment boolean(bool value) { return value ? sql::sql("true") : sql::sql("false"); }

}  // namespace

const catalog::Object* find_publication(const Context& ctx, const syntax::Name& name) {
  return ctx.before.object("publication", {"", name.text});
}

std::vector<std::string> schemas_of(const catalog::Object& publication) {
  std::vector<std::string> list;
  std::string name;
  bool quoted = false;
  const auto text = fact(publication, "schemas");
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"')
      name += text[++i];
    else if (text[i] == '"')
      quoted = !quoted;
    else if (text[i] == ',' && !quoted)
      list.push_back(std::move(name)), name.clear(), ++i;  // and the blank behind it
    else
      name += text[i];
  }
  if (!name.empty()) list.push_back(std::move(name));
  return list;
}

void put_schemas(catalog::Object& publication, std::vector<std::string> schemas) {
  std::sort(schemas.begin(), schemas.end());
  schemas.erase(std::unique(schemas.begin(), schemas.end()), schemas.end());
  std::string text;
  for (const auto& schema : schemas) text.append(text.empty() ? "" : ", ").append(sql::quote_ident(schema));
  publication.facts.erase("schemas");
  if (!text.empty()) publication.facts.emplace("schemas", std::move(text));
}

bool publishes(const catalog::Object& publication, std::string_view command) {
  return fact(publication, "publish").find(command) != std::string::npos;
}

Targets all_targets(const catalog::Object& publication) {
  Targets targets;
  for (const auto& use : publication.uses) targets.tables.push_back(use.relation);
  targets.schemas = schemas_of(publication);
  return targets;
}

Fragment targets_sql(const Context& ctx, const catalog::Object& publication, const Targets& targets) {
  std::vector<Fragment> parts;
  for (const auto& name : targets.tables) {
    const auto text = table_sql(ctx, publication, name);
    parts.push_back(parts.empty() ? sql::sql("TABLE {}", text) : text);
  }
  if (!targets.schemas.empty()) parts.push_back(sql::sql("TABLES IN SCHEMA {}", names(targets.schemas)));
  return sql::join(parts, ", ");
}

Fragment options_sql(const catalog::Object& from, const catalog::Object& to) {
  std::vector<Fragment> parts;
  const auto differs = [&](const char* name) { return fact(from, name) != fact(to, name); };
  if (differs("publish")) parts.push_back(sql::sql("publish = {}", Literal{fact(to, "publish")}));
  if (differs("via_root"))
    parts.push_back(sql::sql("publish_via_partition_root = {}", boolean(!fact(to, "via_root").empty())));
  if (differs("generated_columns"))
    parts.push_back(sql::sql("publish_generated_columns = {}",
                             fact(to, "generated_columns") == "s" ? sql::sql("stored") : sql::sql("none")));
  return sql::join(parts, ", ");
}

catalog::Object new_publication(const Context& ctx, const std::string& name) {
  catalog::Object made;
  made.kind = "publication";
  made.name.name = name;
  made.owner = ctx.before.server.role;
  made.facts.emplace("publish", "insert, update, delete, truncate");
  return made;
}

std::vector<sql::Lock> target_locks(const Targets& targets) {
  std::vector<sql::Lock> locks;
  for (const auto& name : targets.tables) locks.push_back(lock(name, sql::LockMode::share_update_exclusive));
  return locks;
}

std::vector<sql::Statement> create_statements(const Context& ctx, const catalog::Object& publication) {
  const Ident name{publication.name.name};
  const auto targets = all_targets(publication);
  auto text = sql::sql("CREATE PUBLICATION {}", name);
  if (publication.facts.count("all_tables") != 0)
    text = sql::sql("{} FOR ALL TABLES", text);
  else if (const auto list = targets_sql(ctx, publication, targets); !list.empty())
    text = sql::sql("{} FOR {}", text, list);
  if (const auto options = options_sql(new_publication(ctx, {}), publication); !options.empty())
    text = sql::sql("{} WITH ({})", text, options);
  std::vector<sql::Statement> statements{statement(text, target_locks(targets))};
  if (!publication.owner.empty() && publication.owner != ctx.before.server.role)
    statements.push_back(statement(sql::sql("ALTER PUBLICATION {} OWNER TO {}", name, Ident{publication.owner})));
  if (!publication.comment.empty())
    statements.push_back(
        statement(sql::sql("COMMENT ON PUBLICATION {} IS {}", name, comment_text(publication.comment))));
  return statements;
}

// ---- probes ----

Fragment has_publication(const std::string& name) {
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_publication p WHERE p.pubname = {})", Literal{name});
}

namespace {

Fragment publishes_table(const std::string& publication, const catalog::Name& table) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid "
      "JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE p.pubname = {} AND n.nspname = {} AND c.relname = {})",
      Literal{publication}, Literal{table.schema}, Literal{table.name});
}

Fragment publishes_schema(const std::string& publication, const std::string& schema) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_namespace r ON r.pnpubid = p.oid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid WHERE p.pubname = {} AND n.nspname = {})",
      Literal{publication}, Literal{schema});
}

std::vector<Fragment> each_published(const std::string& publication, const Targets& targets) {
  std::vector<Fragment> parts;
  for (const auto& table : targets.tables) parts.push_back(publishes_table(publication, table));
  for (const auto& schema : targets.schemas) parts.push_back(publishes_schema(publication, schema));
  return parts;
}

}  // namespace

Fragment publishes_all(const std::string& publication, const Targets& targets) {
  return sql::join(each_published(publication, targets), " AND ");
}

Fragment publishes_none(const std::string& publication, const Targets& targets) {
  return negate(sql::sql("({})", sql::join(each_published(publication, targets), " OR ")));
}

Fragment has_options(const Context& ctx, const catalog::Object& publication) {
  std::vector<Fragment> values;
  for (const auto* command : commands) values.push_back(boolean(publishes(publication, command)));
  values.push_back(boolean(publication.facts.count("via_root") != 0));
  auto columns = sql::sql("p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot");
  if (ctx.before.server.major() >= 18) {
    columns = sql::sql("{}, p.pubgencols = 's'", columns);
    values.push_back(boolean(fact(publication, "generated_columns") == "s"));
  }
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_publication p WHERE p.pubname = {} AND ({}) = ({}))",
                  Literal{publication.name.name}, columns, sql::join(values, ", "));
}

std::vector<std::string> publication_touches(const catalog::Object& publication) {
  return {catalog::key("publication", publication.name)};
}

}  // namespace mig::operations
