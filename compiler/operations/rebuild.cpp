// Who is in the way of a change: found from the catalog until nothing new is found, dropped from the outside in.
#include "compiler/operations/rebuild.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "compiler/operations/rebuild_things.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Follows the dependencies of what changes. `gone` are those that will not be there in between: who names them in any
// way is in the way; of a changing column only those who name it.
class Search {
 public:
  Search(const Context& ctx, const Changing& changing) : ctx_(ctx) {
    for (const auto& [relation, column] : changing.columns)
      for (const auto& name : ctx.before.tree(relation)) columns_.insert({name, column});
    relations_.insert(changing.relations.begin(), changing.relations.end());
    functions_.insert(changing.functions.begin(), changing.functions.end());
    types_.insert(changing.types.begin(), changing.types.end());
    own_ = relations_;
    own_functions_ = functions_;
  }

  Hanging run() {
    while (grow()) {
    }
    Hanging out;
    add_functions(out);
    add_parts(out);
    add_publications(out);
    if (!functions_.empty()) add_callers(ctx_, functions_, out);
    std::set<catalog::Name> done = own_;
    for (const auto& name : relations_) add_view(name, done, out);
    for (const auto& name : own_) add_signatures(&name, done, out);
    add_signatures(nullptr, done, out);
    add_generated(out);
    return out;
  }

 private:
  // ---- what is gone in between ----

  [[nodiscard]] bool changes(const catalog::Use& use) const {
    if (relations_.count(use.relation) != 0) return true;
    return std::any_of(use.columns.begin(), use.columns.end(), [&](const std::string& column) {
      return columns_.count({use.relation, column}) != 0;
    });
  }
  [[nodiscard]] bool changes(const std::vector<catalog::Use>& uses) const {
    return std::any_of(uses.begin(), uses.end(), [&](const catalog::Use& use) { return changes(use); });
  }
  // A text of the server that names what is gone, or the table and the word of a changing column.
  [[nodiscard]] bool touches_text(const std::string& text, const catalog::Name* own) const {
    if (text.empty()) return false;
    if (names_one(text, relations_) || names_one(text, functions_) || names_one(text, types_)) return true;
    return std::any_of(columns_.begin(), columns_.end(), [&](const auto& each) {
      return ((own && *own == each.first) || mentions(text, each.first)) && mentions(text, each.second);
    });
  }
  [[nodiscard]] bool signature_is_gone(const catalog::Function& function) const {
    const auto gone = [&](const std::string& type) { return names_one(type, relations_) || names_one(type, types_); };
    return gone(function.returns) ||
           std::any_of(function.arguments.begin(), function.arguments.end(),
                       [&](const catalog::FunctionArgument& argument) { return gone(argument.type); });
  }

  // One round: views that read what changes, functions whose signature is gone, columns generated from it.
  bool grow() {
    const auto before = relations_.size() + signatures_.size() + columns_.size();
    for (const auto& name : ctx_.before.names("view")) {
      const auto* view = ctx_.before.view(name);
      const bool calls = std::any_of(view->functions.begin(), view->functions.end(),
                                     [&](const catalog::Name& function) { return functions_.count(function) != 0; });
      if (changes(view->uses) || calls || names_one(view->definition, types_)) relations_.insert(name);
    }
    if (!relations_.empty() || !types_.empty()) grow_functions();
    std::vector<std::pair<catalog::Name, std::string>> more;
    for (const auto& [relation, column] : columns_)
      for (const auto* each : generated_from(ctx_, relation, column)) more.emplace_back(relation, each->name);
    for (auto& each : more) {
      generated_.insert(each);
      // Where its expression is set anew nobody else is in the way of that.
      if (!expression_can_change(ctx_)) columns_.insert(std::move(each));
    }
    return relations_.size() + signatures_.size() + columns_.size() > before;
  }

  void grow_functions() {
    for (const auto& name : ctx_.before.names("function"))
      for (const auto* function : ctx_.before.functions(name))
        if (!function->system && own_functions_.count(name) == 0 && signature_is_gone(*function)) {
          signatures_.insert({name, function->arguments_key});
          functions_.insert(name);
        }
  }

  // ---- what to do with each ----

  // The body of a function is set aside while what it reads is gone: the function itself stays, and so does whoever
  // calls it.
  void add_functions(Hanging& out) const {
    for (const auto& name : ctx_.before.names("function"))
      for (const auto* function : ctx_.before.functions(name)) {
        if (function->system || own_functions_.count(name) != 0 ||
            signatures_.count({name, function->arguments_key}) != 0)
          continue;
        const bool called = has_sql_body(*function) &&
                            (names_one(function->definition, functions_) || names_one(function->definition, types_));
        if (changes(function->uses) || called) out.things.push_back(hung_body(ctx_, *function));
      }
  }

  void add_parts(Hanging& out) const {
    for (const auto& name : ctx_.before.names("table")) {
      const auto* table = ctx_.before.table(name);
      for (const auto& policy : table->policies)
        if (touches_text(policy.using_, &name) || touches_text(policy.check, &name))
          out.things.push_back(hung_policy(ctx_, *table, policy));
      for (const auto& rule : table->rules)
        if (touches_text(rule.definition, &name)) out.things.push_back(hung_rule(ctx_, *table, rule));
      for (const auto& trigger : table->triggers)
        if (!is_clone(ctx_, *table, trigger) && trigger_is_hung(*table, trigger))
          out.things.push_back(hung_trigger(ctx_, *table, trigger));
      add_strangers(*table, functions_, relations_, out);
    }
    for (const auto& name : relations_)
      if (const auto* view = ctx_.before.view(name); view && own_.count(name) == 0) {
        auto parts = hung_view_parts(ctx_, *view);
        if (!parts.make.empty()) out.things.push_back(std::move(parts));
      }
  }

  [[nodiscard]] bool trigger_is_hung(const catalog::Table& table, const catalog::Trigger& trigger) const {
    if (functions_.count(trigger.function) != 0) return true;
    const auto when = trigger.definition.find(" WHEN (");
    const auto text = when == std::string::npos ? std::string{} : trigger.definition.substr(when);
    if (names_one(text, functions_) || names_one(text, types_)) return true;
    return std::any_of(columns_.begin(), columns_.end(), [&](const auto& each) {
      return each.first == table.name && (holds(trigger.columns, each.second) || mentions(text, each.second));
    });
  }

  void add_publications(Hanging& out) const {
    for (const auto& name : ctx_.before.names("publication")) {
      const auto* object = ctx_.before.object("publication", name);
      for (const auto& use : object->uses)
        if (publication_holds(*object, use)) out.things.push_back(hung_publication(*object, use));
    }
  }
  // A column list or a row filter holds on to its columns; without them a table is published whatever it looks like.
  [[nodiscard]] bool publication_holds(const catalog::Object& object, const catalog::Use& use) const {
    const auto filter = object.facts.find("where " + use.relation.text());
    if (filter != object.facts.end() && touches_text(filter->second, &use.relation)) return true;
    return std::any_of(use.columns.begin(), use.columns.end(), [&](const std::string& column) {
      return columns_.count({use.relation, column}) != 0;
    });
  }

  // Whoever reads the view goes before it, and so do functions that take or return its rows, after who calls them.
  void add_view(const catalog::Name& name, std::set<catalog::Name>& done, Hanging& out) {
    if (!done.insert(name).second) return;
    const auto* view = ctx_.before.view(name);
    if (!view) return;
    for (const auto& [kind, user] : ctx_.before.users(name))
      if (kind == "view") add_view(user, done, out);
    add_signatures(&name, done, out);
    out.things.push_back(hung_view(ctx_, *view));
  }

  // Those with this view in their signature; all that are left where there is none.
  void add_signatures(const catalog::Name* view, std::set<catalog::Name>& done, Hanging& out) {
    for (const auto& [name, arguments] : signatures_)
      for (const auto* function : ctx_.before.functions(name)) {
        const bool fits =
            function->arguments_key == arguments && (!view || names_one(function->returns + " " + arguments, {*view}));
        if (!fits || !signatures_done_.insert({name, arguments}).second) continue;
        for (const auto& caller : relations_)
          if (const auto* calling = ctx_.before.view(caller); calling && calls(*calling, name))
            add_view(caller, done, out);
        out.things.push_back(hung_function(ctx_, *function));
      }
  }
  [[nodiscard]] static bool calls(const catalog::View& view, const catalog::Name& function) {
    return std::find(view.functions.begin(), view.functions.end(), function) != view.functions.end();
  }

  // Made again in the opposite order: parents before those that follow them, columns in the order of the table.
  void add_generated(Hanging& out) const {
    std::vector<std::tuple<std::size_t, int, catalog::Name, std::string>> order;
    for (const auto& [relation, column] : generated_)
      order.emplace_back(ctx_.before.tree(relation).size(), -ctx_.before.table(relation)->column(column)->number,
                         relation, column);
    std::sort(order.begin(), order.end());
    for (const auto& [depth, number, relation, column] : order)
      if (auto hung = hung_generated(ctx_, *ctx_.before.table(relation), column, generated_))
        out.things.push_back(std::move(*hung));
  }

  const Context& ctx_;
  std::set<std::pair<catalog::Name, std::string>> columns_, generated_, signatures_, signatures_done_;
  std::set<catalog::Name> relations_, functions_, types_, own_, own_functions_;
};

}  // namespace

Hanging what_hangs(const Context& ctx, const Changing& changing) { return Search(ctx, changing).run(); }

bool require_rebuild(const Context& ctx, source::Span span, const std::string& what, const Hanging& hanging) {
  std::vector<const Hung*> lost;
  bool owned = true;
  for (const auto& hung : hanging.things) {
    if (!hung.why_not.empty()) lost.push_back(&hung);
    owned = require_owner(ctx, hung.owner_kind, hung.owner_name, hung.owner, span) && owned;
  }
  if (lost.empty()) return owned;
  auto& diagnostic =
      ctx.sink.report(diagnostics::still_needed, span,
                      fmt::format("{} has to be taken away for a moment, and {} on it would not come back as {} {}",
                                  what, lost.size() == 1 ? "what hangs" : fmt::format("{} things", lost.size()),
                                  lost.size() == 1 ? "it" : "they", lost.size() == 1 ? "was" : "were"));
  for (const auto* hung : lost) diagnostic.note(fmt::format("found: {}: {}", hung->what, hung->why_not));
  diagnostic.note("drop it before by a line of its own, and make it again after");
  return false;
}

std::vector<sql::Statement> drop_hanging(const Hanging& hanging) {
  std::vector<sql::Statement> out;
  for (const auto& hung : hanging.things) out.insert(out.end(), hung.drop.begin(), hung.drop.end());
  return out;
}

std::vector<sql::Statement> make_hanging(const Hanging& hanging) {
  std::vector<sql::Statement> out;
  for (auto hung = hanging.things.rbegin(); hung != hanging.things.rend(); ++hung)
    out.insert(out.end(), hung->make.begin(), hung->make.end());
  return out;
}

std::string said(const Hanging& hanging) {
  std::string text;
  for (const auto& hung : hanging.things) {
    if (hung.drop.empty()) continue;  // goes and comes with its view
    if (!text.empty()) text.append(", ");
    text.append(hung.what);
  }
  return text;
}

std::vector<std::string> touches(const Hanging& hanging) {
  std::vector<std::string> keys;
  for (const auto& hung : hanging.things)
    if (std::find(keys.begin(), keys.end(), hung.key) == keys.end()) keys.push_back(hung.key);
  return keys;
}

}  // namespace mig::operations
