// Columns: added, dropped, and field by field.
#include "compiler/drift/change.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/render.hpp"

namespace mig::drift {

using catalog::Column;
using catalog::Name;
using operations::expression;
using sql::Fragment;
using sql::Ident;
using sql::sql;

namespace {

std::string path(const Name& table, const Column& column) {
  return table.text() + "." + ::mig::sql::quote_ident(column.name);
}

void alter(Made& made, const Name& table, const Column& column, const Fragment& clause) {
  made.add(sql("ALTER TABLE {} ALTER COLUMN {} {}", table.sql(), Ident{column.name}, clause));
}

Fragment list(const std::vector<std::string>& entries, bool names_only) {
  std::vector<Fragment> parts;
  for (const auto& entry : entries) parts.push_back(expression(names_only ? entry.substr(0, entry.find('=')) : entry));
  return ::mig::sql::join(parts, ", ");
}

void change_default(Made& made, const Name& table, const Column& from, const Column& to) {
  if (from.default_ == to.default_ && from.generated == to.generated) return;
  if (!from.generated.empty() && to.generated.empty()) {
    alter(made, table, to, sql("DROP EXPRESSION"));
    if (to.default_.empty()) return;
  } else if (!to.generated.empty()) {
    if (from.generated == to.generated)
      alter(made, table, to, sql("SET EXPRESSION AS ({})", expression(to.default_)));
    else
      made.note = "a column becomes generated only anew: drop it and add it";
    return;
  }
  if (to.default_.empty()) {
    alter(made, table, to, sql("DROP DEFAULT"));
    made.mig.push_back("drop default " + path(table, to) + ";");
  } else {
    alter(made, table, to, sql("SET DEFAULT {}", expression(to.default_)));
    made.mig.push_back("set default " + path(table, to) + " to " + to.default_ + ";");
  }
}

void change_type(Made& made, const Name& table, const Column& from, const Column& to) {
  if (from.type == to.type && from.collation == to.collation) return;
  const auto collate = to.collation.empty() ? Fragment() : sql(" COLLATE {}", expression(to.collation));
  const auto as = from.type == to.type ? Fragment() : sql(" USING {}::{}", Ident{to.name}, expression(to.type));
  alter(made, table, to, sql("TYPE {}{}{}", expression(to.type), collate, as));
  if (from.type != to.type)
    made.mig.push_back("set type " + path(table, to) + " to " + to.type + ";");
  else if (!to.collation.empty())
    made.mig.push_back("set collation " + path(table, to) + " to " + to.collation + ";");
}

void change_identity(Made& made, const Name& table, const Column& from, const Column& to) {
  if (from.identity == to.identity && from.sequence == to.sequence) return;
  const auto kind = to.identity == "always" ? sql("ALWAYS") : sql("BY DEFAULT");
  const auto options = to.sequence ? operations::sequence_options(*to.sequence) : Fragment();
  if (to.identity.empty()) {
    alter(made, table, to, sql("DROP IDENTITY"));
    made.mig.push_back("drop identity " + path(table, to) + ";");
  } else if (from.identity.empty()) {
    const auto said = options.empty() ? Fragment() : sql(" ({})", options);
    alter(made, table, to, sql("ADD GENERATED {} AS IDENTITY{}", kind, said));
    made.mig.push_back("add identity " + path(table, to) + " " + to.identity +
                       (options.empty() ? "" : " " + options.text()) + ";");
  } else {
    std::vector<Fragment> parts;
    if (from.identity != to.identity) parts.push_back(sql("SET GENERATED {}", kind));
    if (to.sequence && from.sequence != to.sequence)
      parts.push_back(sql("SET INCREMENT BY {} SET MINVALUE {} SET MAXVALUE {} SET START WITH {} SET CACHE {} SET {}",
                          expression(to.sequence->increment), expression(to.sequence->min),
                          expression(to.sequence->max), expression(to.sequence->start), expression(to.sequence->cache),
                          to.sequence->cycle ? sql("CYCLE") : sql("NO CYCLE")));
    alter(made, table, to, ::mig::sql::join(parts, " "));
    made.mig.push_back("set identity " + path(table, to) + " " + to.identity + ";");
  }
}

// The word DEFAULT is younger than the oldest server (16). Types that can be stored in more than one way begin with
// EXTENDED, numeric with MAIN.
Fragment usual_storage(const Column& column) {
  return column.type.rfind("numeric", 0) == 0 ? sql("MAIN") : sql("EXTENDED");
}

void change_settings(Made& made, const Name& table, const Column& from, const Column& to) {
  const auto of = path(table, to);
  if (from.storage != to.storage) {
    alter(made, table, to,
          sql("SET STORAGE {}", to.storage.empty() ? usual_storage(to) : operations::storage_word(to.storage)));
    made.mig.push_back("set storage " + of + " to " + (to.storage.empty() ? "default" : to.storage) + ";");
  }
  if (from.compression != to.compression) {
    alter(made, table, to,
          sql("SET COMPRESSION {}",
              to.compression.empty() ? sql("default") : ::mig::sql::fragment(Ident{to.compression})));
    made.mig.push_back("set compression " + of + " to " + (to.compression.empty() ? "default" : to.compression) + ";");
  }
  if (from.statistics != to.statistics) {
    alter(made, table, to, sql("SET STATISTICS {}", static_cast<long long>(to.statistics)));
    made.mig.push_back("set statistics " + of + " to " +
                       (to.statistics < 0 ? "default" : std::to_string(to.statistics)) + ";");
  }
  if (from.options != to.options) {
    if (!from.options.empty()) alter(made, table, to, sql("RESET ({})", list(from.options, true)));
    if (!to.options.empty()) alter(made, table, to, sql("SET ({})", list(to.options, false)));
  }
}

void change_fields(Made& made, const Both& both, const Name& table, const Column& from, const Column& to) {
  change_default(made, table, from, to);
  change_type(made, table, from, to);
  if (from.not_null != to.not_null && to.identity.empty()) {
    alter(made, table, to, to.not_null ? sql("SET NOT NULL") : sql("DROP NOT NULL"));
    made.mig.push_back((to.not_null ? "set not null " : "drop not null ") + path(table, to) + ";");
  }
  change_identity(made, table, from, to);
  change_settings(made, table, from, to);
  if (from.comment != to.comment) made.add(operations::comment_on_column(table, to.name, to.comment));
  if (from.grants != to.grants) {
    operations::Rights before, after;
    before.columns[to.name] = operations::plain_acl(from.grants);
    after.columns[to.name] = operations::plain_acl(to.grants);
    const auto object = operations::rights_object(*both.to.table(table), both.to.server.major());
    made.add(operations::rights_statements(both.context, {{object, before, after}}));
  }
  // Several fields are one operation each: all of them together.
  if (made.mig.size() > 1) {
    std::string all;
    for (const auto& each : made.mig) all += each + " ";
    made.mig = {all};
  }
}

}  // namespace

void finish_column(Made& made, const Name& table, const Column& column) {
  auto plain = column;
  plain.storage.clear();
  plain.statistics = -1;
  plain.options.clear();
  plain.comment.clear();
  change_settings(made, table, plain, column);
  made.mig.clear();
  if (!column.comment.empty()) made.add(operations::comment_on_column(table, column.name, column.comment));
}

Made change_column(const Both& both, const Name& table, const std::string& name) {
  Made made;
  const auto *left = both.from.table(table), *right = both.to.table(table);
  const auto* from = left == nullptr ? nullptr : left->column(name);
  const auto* to = right == nullptr ? nullptr : right->column(name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr || left == nullptr || right == nullptr) {
    made.note = "a view's columns come with its definition";
  } else if (!some->local && some->inherited > 0) {
    made.note = "comes with its parent's";
  } else if (to == nullptr) {
    made.add(sql("ALTER TABLE {} DROP COLUMN {}", table.sql(), Ident{name}));
    made.mig.push_back("drop column " + path(table, *from) + ";");
  } else if (from == nullptr) {
    made.add(sql("ALTER TABLE {} ADD COLUMN {}", table.sql(), operations::column_definition(*to)));
    finish_column(made, table, *to);
    const auto definition = operations::column_definition(*to).text();
    const auto spelled = ::mig::sql::quote_ident(name);
    made.mig.push_back("add column " + path(table, *to) + definition.substr(spelled.size()) +
                       (to->comment.empty() ? "" : " comment " + ::mig::sql::quote_literal(to->comment)) + ";");
  } else {
    change_fields(made, both, table, *from, *to);
  }
  return made;
}

}  // namespace mig::drift
