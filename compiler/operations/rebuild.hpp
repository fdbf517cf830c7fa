// What hangs on a thing comes back: PostgreSQL refuses to change the type of a column that a view reads, or to replace
// a view that another one reads. What is in the way is dropped before the change and made again after it, in the same
// transaction, exactly as it was: definition, owner, rights, comments, options, switched on or off.
//
//   const auto hanging = what_hangs(ctx, {.columns = {{table, "total"}}});
//   check:   require_rebuild(ctx, span, hanging);
//   steps:   drop_hanging(hanging), the change, make_hanging(hanging), in one transaction; the way back alike.
//   effect:  nothing: what comes back is what was there.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct ColumnOf {
  catalog::Name relation;  // of a table with all its partitions and inheritors
  std::string column;
};

// What is going to change. Relations, functions and types are those that will be dropped and made anew (under the same
// name); they themselves are the caller's to drop and to make (make_view, make_function).
struct Changing {
  std::vector<ColumnOf> columns;  // of tables: type or expression
  std::vector<catalog::Name> relations;
  std::vector<catalog::Name> functions;  // all of the name
  std::vector<catalog::Name> types;
};

// One thing that is in the way.
struct Hung {
  std::string what;        // "view public.paid_orders", for titles and messages
  std::string key;         // catalog::key
  std::string owner_kind;  // kind, name and owner of the object that the role must own
  catalog::Name owner_name;
  std::string owner;
  std::string why_not;  // not empty: it cannot be made again exactly, and why
  std::vector<sql::Statement> drop, make;
};

struct Hanging {
  std::vector<Hung> things;  // in the order in which they are dropped
  [[nodiscard]] bool empty() const { return things.empty(); }
};

[[nodiscard]] Hanging what_hangs(const Context& ctx, const Changing& changing);

// Reports what cannot be made again, all in one diagnostic, and what the role does not own; true when there is none.
bool require_rebuild(const Context& ctx, source::Span span, const std::string& what, const Hanging& hanging);

[[nodiscard]] std::vector<sql::Statement> drop_hanging(const Hanging& hanging);
[[nodiscard]] std::vector<sql::Statement> make_hanging(const Hanging& hanging);
// "view public.a, policy p on public.t": for titles; empty when nothing hangs.
[[nodiscard]] std::string said(const Hanging& hanging);
[[nodiscard]] std::vector<std::string> touches(const Hanging& hanging);

// ---- single objects, exactly as the catalog has them: for those who drop and make one themselves ----
[[nodiscard]] sql::Statement drop_view(const catalog::View& view);
// With owner, rights, comments, options, defaults of its columns; a materialized one with indexes and, where it was
// populated, rows. Its triggers and rules are apart: they may name views that come later.
[[nodiscard]] std::vector<sql::Statement> make_view(const Context& ctx, const catalog::View& view);
// All but CREATE and the rows: what it has beside its query.
[[nodiscard]] std::vector<sql::Statement> dress_view(const Context& ctx, const catalog::View& view);
[[nodiscard]] std::vector<sql::Statement> make_view_parts(const Context& ctx, const catalog::View& view);
// What a query over these reads takes; `through`: also below plain views, as running it does.
void add_reads(const Context& ctx, const catalog::View& view, bool through, std::vector<sql::Lock>& locks);
// ` WITH (a = 'b')`; empty where there are none.
[[nodiscard]] sql::Fragment with_options(const std::vector<std::string>& options);
[[nodiscard]] sql::Statement drop_function(const catalog::Function& function);
[[nodiscard]] std::vector<sql::Statement> make_function(const Context& ctx, const catalog::Function& function);
[[nodiscard]] std::vector<sql::Statement> make_trigger(const catalog::Name& relation, const catalog::Trigger& trigger);
[[nodiscard]] std::vector<sql::Statement> make_rule(const Context& ctx, const catalog::Name& relation,
                                                    const catalog::Rule& rule);
[[nodiscard]] std::vector<sql::Statement> make_policy(const Context& ctx, const catalog::Name& table,
                                                      const catalog::Policy& policy);

// A text that the server printed names this object: "public.orders" not within a longer name.
[[nodiscard]] bool mentions(const std::string& text, const catalog::Name& object);
// The word (quoted where it must be) stands in the text: a column may be meant.
[[nodiscard]] bool mentions(const std::string& text, const std::string& name);
// Tables and views that a server's text names, with the lock that making the object takes on them: ROW EXCLUSIVE on
// what it writes.
[[nodiscard]] std::vector<sql::Lock> locks_of_text(const Context& ctx, const std::string& text,
                                                   const catalog::Name& except = {});

}  // namespace mig::operations
