// set identity: kind and sequence of an identity column.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/identity.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

struct Change {
  ColumnAt at;
  const catalog::Sequence* before = nullptr;
  std::string identity;
  catalog::Sequence after;
};

void apply(const syntax::SeqOption& option, catalog::SequenceOptions& options) {
  const auto number = option.number ? option.number->text : std::string{};
  if (option.word == "start") options.start = number;
  if (option.word == "increment") options.increment = number;
  if (option.word == "minvalue") options.min = number;
  if (option.word == "maxvalue") options.max = number;
  if (option.word == "cache") options.cache = number;
  if (option.word == "cycle") options.cycle = true;
  if (option.word == "no cycle") options.cycle = false;
}

Change change_of(const Context& ctx, const ColumnAt& at) {
  Change change{at, identity_sequence(ctx, *at.table, at.column->name), written_identity(ctx), {}};
  if (change.identity.empty()) change.identity = at.column->identity;
  change.after = *change.before;
  if (const auto* options = written_options(ctx))
    for (const auto& option : *options) apply(option, change.after.options);
  return change;
}

bool require_identity(const Context& ctx, const ColumnAt& at) {
  if (at.column->identity.empty()) {
    ctx.sink
        .report(
            diagnostics::wrong_kind, path(ctx).span,
            fmt::format("`{}` of `{}` is no identity column", sql::quote_ident(at.column->name), at.table->name.text()))
        .note(fmt::format("write: add identity {} by default;", ctx.files.text(path(ctx).span)));
    return false;
  }
  return require_own_identity(ctx, at, path(ctx).span) && identity_sequence(ctx, *at.table, at.column->name);
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !require_identity(ctx, at) || !check_identity_options(ctx)) return;
  const auto change = change_of(ctx, at);
  if (change.identity == at.column->identity && change.after.options == change.before->options)
    ctx.sink
        .report(diagnostics::nothing_to_do, path(ctx).span,
                fmt::format("the identity of `{}` of `{}` is so already", sql::quote_ident(at.column->name),
                            at.table->name.text()))
        .note("write what is to change: always, by default, or an option of its sequence");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const bool stricter = written_identity(ctx) == "always" && at.column->identity != "always";
  if (!stricter || made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema that write {}.{} themselves are refused (428C9)",
                           at.table->name.text(), sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ set identity {} always; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto change = change_of(ctx, find_column(ctx, path(ctx)));
  put_identity(ctx, after, change.at.table->name, change.at.column->name, change.identity, change.after);
}

// All that differs; the one that is on the way is put right with it.
sql::Statement statement_of(const Context& ctx, const Change& change, const std::string& identity,
                            const std::string& from_identity, const catalog::SequenceOptions& from,
                            const catalog::SequenceOptions& to) {
  std::vector<Fragment> parts;
  const auto number = [&](const std::string& old_value, const std::string& value, const Fragment& word) {
    if (old_value != value) parts.push_back(sql::sql("SET {} {}", word, expression(value)));
  };
  if (identity != from_identity) parts.push_back(sql::sql("SET GENERATED {}", identity_word(identity)));
  number(from.increment, to.increment, sql::sql("INCREMENT BY"));
  number(from.min, to.min, sql::sql("MINVALUE"));
  number(from.max, to.max, sql::sql("MAXVALUE"));
  number(from.start, to.start, sql::sql("START WITH"));
  number(from.cache, to.cache, sql::sql("CACHE"));
  if (from.cycle != to.cycle) parts.push_back(to.cycle ? sql::sql("SET CYCLE") : sql::sql("SET NO CYCLE"));
  auto locks = identity_locks(ctx, change.at.table->name);
  locks.push_back(lock(change.before->name, sql::LockMode::share_row_exclusive));
  return statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} {}", change.at.table->name.sql(),
                            Ident{change.at.column->name}, sql::join(parts, " ")),
                   std::move(locks));
}

Fragment is(const Change& change, const std::string& identity, const catalog::SequenceOptions& options) {
  return both(identity_is(change.at.table->name, change.at.column->name, identity),
              sql::sql("EXISTS (SELECT FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid "
                       "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = "
                       "{} AND s.seqincrement = {} AND s.seqmin = {} AND s.seqmax = {} AND s.seqstart = {} AND "
                       "s.seqcache = {} AND s.seqcycle = {})",
                       sql::Literal{change.before->name.schema}, sql::Literal{change.before->name.name},
                       expression(options.increment), expression(options.min), expression(options.max),
                       expression(options.start), expression(options.cache),
                       options.cycle ? sql::sql("true") : sql::sql("false")));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto change = change_of(ctx, find_column(ctx, path(ctx)));
  const auto& column = *change.at.column;
  const auto& from = change.before->options;
  const auto& to = change.after.options;
  const auto name = fmt::format("identity of {}.{}", change.at.table->name.text(), sql::quote_ident(column.name));
  auto step =
      transaction(ctx, "set the " + name, {statement_of(ctx, change, change.identity, column.identity, from, to)},
                  is(change, change.identity, to));
  step.back = {transaction(ctx, "bring back the " + name,
                           {statement_of(ctx, change, column.identity, change.identity, to, from)},
                           is(change, column.identity, from))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made,
         {catalog::key("column", change.at.table->name, column.name), catalog::key("sequence", change.before->name)});
  return made;
}

}  // namespace

extern const Operation set_identity;  // its line in operations.def finds it
constinit const Operation set_identity = {
    .name = "set_identity",
    .form = "set identity (column path) [<always / by default>] [(options seq_options)]",
    .summary = "Changes the kind of an identity column, or its sequence.",
    .description =
        R"(One instant statement. `always` refuses values that a client writes itself (but for `overriding system value`), `by
default` takes them. Options: `start`, `increment`, `minvalue`, `maxvalue`, `cache`, `cycle`, `no cycle`; what is not
written stays. The value that comes next is not touched.

The way back sets what was there. `always` for a column that old clients write belongs in `contract`.)",
    .example = "set identity users.id always increment 10 cache 5;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
