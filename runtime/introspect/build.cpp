// What the queries share: names of attributes, who is visible, comments, rights.
#include "runtime/introspect/build.hpp"

#include <algorithm>

namespace mig::runtime::introspection {

namespace {

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

// A role's name as aclitem prints it, taken off the front: quoted where it is not plain.
std::string take_role(std::string_view& item) {
  std::string name;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < item.size(); ++at) {
    if (item[at] == '"') {
      const bool doubled = quoted && at + 1 < item.size() && item[at + 1] == '"';
      if (doubled)
        name += item[at++];
      else
        quoted = !quoted;
    } else if (!quoted && (item[at] == '=' || item[at] == '/')) {
      break;
    } else {
      name += item[at];
    }
  }
  item.remove_prefix(std::min(at + 1, item.size()));
  return name;
}

// grantee=privileges/grantor; an empty grantee is PUBLIC.
catalog::Grant grant(std::string_view item) {
  catalog::Grant made;
  made.grantee = take_role(item);
  const auto slash = std::min(item.find('/'), item.size());
  made.privileges = item.substr(0, slash);
  item.remove_prefix(std::min(slash + 1, item.size()));
  made.grantor = take_role(item);
  return made;
}

std::vector<catalog::Grant> grant_list(std::string_view acl) {
  std::vector<catalog::Grant> list;
  for (const auto& item : array(acl)) list.push_back(grant(item));
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

std::string Relation::attribute(int number) const {
  const auto index = static_cast<std::size_t>(number) - 1;
  return number > 0 && index < attributes.size() ? attributes[index] : std::string{};
}

bool Relation::parked(const std::vector<int>& numbers) const {
  return std::any_of(numbers.begin(), numbers.end(), [&](int number) { return of_mig(attribute(number)); });
}

std::vector<std::string> Relation::names(const std::vector<int>& numbers) const {
  std::vector<std::string> list;
  for (const auto number : numbers)
    if (auto column = attribute(number); !column.empty()) list.push_back(std::move(column));
  return list;
}

std::string Build::comment(std::string_view system_catalog, Oid object, int part) const {
  const auto of_catalog = comments.find(system_catalog);
  if (of_catalog == comments.end()) return {};
  const auto found = of_catalog->second.find(std::uint64_t{object} << 16U | static_cast<std::uint64_t>(part));
  return found == of_catalog->second.end() ? std::string{} : found->second;
}

Relation* Build::visible(Oid relation) {
  const auto found = relations.find(relation);
  return found != relations.end() && found->second.visible ? &found->second : nullptr;
}

catalog::Name Build::name(Oid relation) const {
  const auto found = relations.find(relation);
  return found == relations.end() ? catalog::Name{} : found->second.name;
}

std::string Build::role(std::string name) {
  if (!name.empty()) roles.insert(name);
  return name;
}

std::vector<catalog::Grant> Build::grants(std::string_view acl) {
  const auto texts = array(acl);
  if (texts.empty()) return {};
  auto list = grant_list(texts[0]);
  const auto usual = texts.size() > 1 ? grant_list(texts[1]) : std::vector<catalog::Grant>{};
  if (list == usual) return {};
  // An ACL that is there and empty takes even the owner's rights away: not the same as none.
  if (list.empty()) list.push_back({usual.front().grantor, {}, usual.front().grantor});
  note_roles(list);
  return list;
}

std::vector<catalog::Grant> Build::acl(std::string_view text) {
  auto list = grant_list(text);
  note_roles(list);
  return list;
}

void Build::note_roles(const std::vector<catalog::Grant>& list) {
  for (const auto& entry : list) {
    role(entry.grantee);
    role(entry.grantor);
  }
}

std::string Build::oids(std::string_view column) const {
  if (scope.system) return {};
  return " AND " + std::string(column) + " >= " + std::to_string(first_user_oid);
}

bool of_mig(std::string_view name) { return begins(name, "_mig_") || begins(name, "~_mig_") || begins(name, "!_mig_"); }

bool of_mig(const catalog::Name& name) {
  return name.schema == "mig" || begins(name.schema, "mig_park_") || of_mig(name.name);
}

bool system_schema(std::string_view schema) { return begins(schema, "pg_") || schema == "information_schema"; }

std::vector<std::string> attribute_options(std::vector<std::string> options) {
  std::erase_if(options, [](const std::string& option) { return begins(option, "pg_attver="); });
  return options;
}

std::string enabled(char letter) {
  switch (letter) {
    case 'A':
      return "always";
    case 'R':
      return "replica";
    case 'D':
      return "disabled";
    default:
      return "origin";
  }
}

void read_comments(Build& build) {
  auto rows = build.link.ask(
      "SELECT classoid::regclass::text, objoid, objsubid, description FROM pg_description"
      " WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass OR classoid = 'pg_extension'::regclass"
      " UNION ALL SELECT classoid::regclass::text, objoid, 0, description FROM pg_shdescription WHERE objoid >= 16384");
  while (rows.next()) {
    auto& of_catalog = build.comments[rows.text()];
    const auto object = std::uint64_t{rows.id()} << 16U;
    const auto part = static_cast<std::uint64_t>(rows.number());
    of_catalog[object | part] = rows.text();
  }
}

void finish(Build& build) {
  for (auto& [oid, relation] : build.relations) {
    if (relation.table) {
      relation.table->columns = std::move(relation.columns);
      build.memory->add(std::move(*relation.table));
    } else if (relation.view) {
      relation.view->columns = std::move(relation.columns);
      build.memory->add(std::move(*relation.view));
    }
  }
  for (auto& [oid, sequence] : build.sequences) build.memory->add(std::move(sequence));
}

}  // namespace mig::runtime::introspection
