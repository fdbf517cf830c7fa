// Renaming a schema: names, and the server's texts that qualify names by it.
#include "compiler/catalog/rename_schema.hpp"

#include <algorithm>
#include <set>

namespace mig::catalog {

namespace {

bool word_begin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool word_part(char c) { return word_begin(c) || (c >= '0' && c <= '9') || c == '$'; }

class Renamer {
 public:
  Renamer(Catalog& catalog, const std::string& from, const std::string& to) : catalog_(catalog), from_(from), to_(to) {
    for (const auto* kind :
         {"table", "view", "sequence", "type", "function", "statistics", "collation", "conversion",
          "text search configuration", "text search dictionary", "text search parser", "text search template"})
      for (const auto& name : catalog.names(kind))
        if (name.schema == from) known_.insert(name.name);
    for (const auto* kind : {"operator class", "operator family"})  // `name using method`
      for (const auto& name : catalog.names(kind))
        if (name.schema == from) known_.insert(name.name.substr(0, name.name.rfind(" using ")));
    for (const auto& name : catalog.names("table"))
      if (name.schema == from)
        for (const auto& index : catalog.table(name)->indexes) known_.insert(index.name);
  }

  void run() {
    relations();
    types();
    functions();
    objects();
    std::erase(catalog_.server.search_path, from_);
  }

 private:
  void name(Name& each) const {
    if (each.schema == from_) each.schema = to_;
  }
  void all(std::vector<Name>& list) const {
    for (auto& each : list) name(each);
    std::sort(list.begin(), list.end());
  }
  void uses(std::vector<Use>& list) const {
    for (auto& use : list) name(use.relation);
    std::sort(list.begin(), list.end());
  }

  // Does an object of the schema stand behind the dot? Else it may be a table's column.
  [[nodiscard]] bool behind_dot(const std::string& text, std::size_t at) const {
    if (at < text.size() && !word_begin(text[at]) && text[at] != '"') return true;  // operator(schema.+)
    return known_.count(ident(text, at)) != 0;
  }
  // The identifier here, unquoted; `at` moves behind it.
  static std::string ident(const std::string& text, std::size_t& at) {
    std::string made;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size(); ++at) {
        if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) break;
        made += text[at];
      }
      return made;
    }
    while (at < text.size() && word_part(text[at])) made += text[at++];
    return made;
  }

  // 'schema.sequence'::regclass: the server prints such constants with the name that the object has.
  [[nodiscard]] std::string constant(const std::string& literal, const std::string& text, std::size_t behind) const {
    if (text.compare(behind, 5, "::reg") != 0) return literal;
    const auto inside = literal.substr(1, literal.size() - 2);
    std::size_t at = 0;
    if (ident(inside, at) != from_ || at >= inside.size() || inside[at] != '.') return literal;
    return "'" + sql::quote_ident(to_) + inside.substr(at) + "'";
  }

  // `from.name` outside of strings; a name that is qualified already (a.from.b) is a column's.
  void text(std::string& text) const {
    if (text.find(from_) == std::string::npos && text.find('"') == std::string::npos) return;
    std::string made;
    for (std::size_t i = 0; i < text.size();) {
      const auto begin = i;
      if (text[i] == '\'') {
        for (++i; i < text.size() && (text[i] != '\'' || (i + 1 < text.size() && text[i + 1] == '\''));)
          i += text[i] == '\'' ? 2 : 1;
        i = std::min(i + 1, text.size());
        made += constant(text.substr(begin, i - begin), text, i);
      } else if (const auto body = dollar(text, i); body > i) {
        made.append(text, i, body - i);
        i = body;
      } else if (word_begin(text[i]) || text[i] == '"') {
        const auto word = ident(text, i);
        const bool qualifies = word == from_ && i < text.size() && text[i] == '.' &&
                               (begin == 0 || text[begin - 1] != '.') && behind_dot(text, i + 1);
        made += qualifies ? sql::quote_ident(to_) : text.substr(begin, i - begin);
      } else if (word_part(text[i])) {  // a number
        while (i < text.size() && word_part(text[i])) made += text[i++];
      } else {
        made += text[i++];
      }
    }
    text = std::move(made);
  }
  // The end of $tag$…$tag$, or `at`.
  static std::size_t dollar(const std::string& text, std::size_t at) {
    if (text[at] != '$') return at;
    auto end = at + 1;
    while (end < text.size() && word_begin(text[end])) ++end;
    if (end >= text.size() || text[end] != '$') return at;
    const auto tag = text.substr(at, end + 1 - at);
    const auto close = text.find(tag, end + 1);
    return close == std::string::npos ? at : close + tag.size();
  }

  // ---- parts ----
  void columns(std::vector<Column>& list) const {
    for (auto& column : list) {
      text(column.type);
      text(column.default_);
      text(column.collation);
    }
  }
  void constraints(std::vector<Constraint>& list) const {
    for (auto& constraint : list) {
      text(constraint.expression);
      name(constraint.references);
      text(constraint.definition);
    }
  }
  void indexes(std::vector<Index>& list) const {
    for (auto& index : list) {
      for (auto& part : index.parts) {
        text(part.expression);
        text(part.collation);
        text(part.opclass);
      }
      text(index.predicate);
      text(index.definition);
      text(index.parent);
    }
  }
  void triggers(std::vector<Trigger>& list) const {
    for (auto& trigger : list) {
      text(trigger.definition);
      name(trigger.function);
    }
  }
  void rules(std::vector<Rule>& list) const {
    for (auto& rule : list) text(rule.definition);
  }

  // ---- kinds ----
  void relations() {
    for (const auto& old : catalog_.names("table")) {
      auto table = *catalog_.table(old);
      name(table.name);
      text(table.partition_by);
      name(table.partition_of);
      text(table.partition_bound);
      for (auto& parent : table.inherits) name(parent);
      all(table.children);
      columns(table.columns);
      constraints(table.constraints);
      indexes(table.indexes);
      triggers(table.triggers);
      for (auto& policy : table.policies) {
        text(policy.using_);
        text(policy.check);
      }
      rules(table.rules);
      replace("table", old, std::move(table));
    }
    for (const auto& old : catalog_.names("view")) {
      auto view = *catalog_.view(old);
      name(view.name);
      text(view.definition);
      columns(view.columns);
      uses(view.uses);
      all(view.functions);
      indexes(view.indexes);
      triggers(view.triggers);
      rules(view.rules);
      replace("view", old, std::move(view));
    }
    for (const auto& old : catalog_.names("sequence")) {
      auto sequence = *catalog_.sequence(old);
      name(sequence.name);
      name(sequence.owned_by);
      replace("sequence", old, std::move(sequence));
    }
  }
  void types() {
    for (const auto& old : catalog_.names("type")) {
      if (catalog_.type(old)->system) continue;
      auto type = *catalog_.type(old);
      name(type.name);
      text(type.base);
      text(type.default_);
      text(type.collation);
      for (auto& check : type.checks) text(check.expression);
      columns(type.attributes);
      name(type.element);
      name(type.array);
      text(type.options);
      replace("type", old, std::move(type));
    }
  }
  void functions() {
    for (const auto& old : catalog_.names("function")) {
      std::vector<Function> overloads;
      for (const auto* function : catalog_.functions(old))
        if (!function->system) overloads.push_back(*function);
      if (overloads.empty()) continue;
      catalog_.drop("function", old);
      for (auto& function : overloads) {
        name(function.name);
        text(function.arguments_key);
        for (auto& argument : function.arguments) {
          text(argument.type);
          text(argument.default_);
        }
        text(function.returns);
        name(function.variadic);
        text(function.definition);
        uses(function.uses);
        catalog_.put(std::move(function));
      }
    }
  }
  void objects() {
    // Everything that is an Object: roles, settings and what belongs to the server have no schema in them.
    for (const auto* kind :
         {"cast", "collation", "conversion", "default privileges", "event trigger", "extension", "foreign data wrapper",
          "language", "operator", "operator class", "operator family", "publication", "statistics",
          "text search configuration", "text search dictionary", "text search parser", "text search template"})
      for (const auto& old : catalog_.names(kind)) {
        const auto* found = catalog_.object(kind, old);
        if (found == nullptr || found->system) continue;
        auto object = *found;
        change(object);
        replace(kind, old, std::move(object));
      }
    auto schema = *catalog_.object("schema", {"", from_});
    schema.name.name = to_;
    replace("schema", {"", from_}, std::move(schema));
  }
  void change(Object& object) const {
    name(object.name);
    if (object.kind != "publication") text(object.name.name);
    uses(object.uses);
    std::map<std::string, std::string> facts;
    for (auto [fact, value] : object.facts) {
      auto key = fact;
      if (key.rfind("where ", 0) == 0) text(key);
      if (fact == "schema" && value == from_)
        value = to_;
      else if (fact == "schemas")
        schemas(value);
      else
        text(value);
      facts.emplace(std::move(key), std::move(value));
    }
    object.facts = std::move(facts);
    if (object.kind == "default privileges") privileges(object.name.name);
  }
  // `a, "B"`: in order of the names themselves.
  void schemas(std::string& list) const {
    std::set<std::string> names;
    for (std::size_t i = 0; i < list.size(); i += 2) {
      auto each = ident(list, i);
      names.insert(each == from_ ? to_ : each);
    }
    list.clear();
    for (const auto& each : names) list.append(list.empty() ? "" : ", ").append(sql::quote_ident(each));
  }
  // `role in schema on tables`
  void privileges(std::string& label) const {
    const auto wanted = " in " + from_ + " on ";
    if (const auto at = label.rfind(wanted); at != std::string::npos)
      label.replace(at, wanted.size(), " in " + to_ + " on ");
  }

  template <class T>
  void replace(std::string_view kind, const Name& old, T value) {
    if (value.name != old) catalog_.drop(kind, old);
    catalog_.put(std::move(value));
  }

  Catalog& catalog_;
  const std::string &from_, &to_;
  std::set<std::string> known_;
};

}  // namespace

void rename_schema(Catalog& catalog, const std::string& from, const std::string& to) {
  Renamer(catalog, from, to).run();
}

}  // namespace mig::catalog
