// Reading objects out of snapshot lines.
#include "compiler/catalog/snapshot_store.hpp"

#include <algorithm>

#include "compiler/catalog/json_read.hpp"

namespace mig::catalog {

namespace {

using lines::Rank;

// The part's own name is the last of its key.
std::string part_name(std::string_view key) {
  auto parts = parse_name(key);
  return parts ? std::move(parts->back()) : std::string{};
}

// Gives the list that a line of this rank belongs to to `add`; false: none of it.
template <class Add>
bool place_part(Table& table, Rank rank, const Add& add) {
  switch (rank) {
    case Rank::column:
      return add(table.columns);
    case Rank::constraint:
      return add(table.constraints);
    case Rank::index:
      return add(table.indexes);
    case Rank::trigger:
      return add(table.triggers);
    case Rank::policy:
      return add(table.policies);
    case Rank::rule:
      return add(table.rules);
    default:
      return false;
  }
}

template <class Add>
bool place_part(View& view, Rank rank, const Add& add) {
  switch (rank) {
    case Rank::column:
      return add(view.columns);
    case Rank::index:
      return add(view.indexes);
    case Rank::trigger:
      return add(view.triggers);
    case Rank::rule:
      return add(view.rules);
    default:
      return false;
  }
}

}  // namespace

SnapshotStore::SnapshotStore(Text objects, SnapshotIndex object_index, Text system, SnapshotIndex system_index,
                             simdjson::dom::element sizes, std::shared_ptr<simdjson::dom::parser> sizes_parser)
    : objects_(std::move(objects)),
      system_(std::move(system)),
      object_index_(std::move(object_index)),
      system_index_(std::move(system_index)),
      sizes_parser_(std::move(sizes_parser)),
      sizes_(sizes) {}

Name entry_name(const Entry& entry) {
  if (entry.order.schema.empty()) return {{}, entry.order.part};
  return {entry.order.schema, entry.order.relation};
}

SnapshotStore::Place SnapshotStore::place(std::string_view kind, const Name& name) const {
  const auto order = lines::order(kind, name);
  for (const auto* index : {&object_index_, &system_index_})
    if (const auto* entry = index->find(order); entry != nullptr && entry->order == order) return {index, entry};
  return {};
}

void SnapshotStore::report(const Place& place, std::size_t offset, std::string_view why) const {
  damage_.push_back((place.index == &system_index_ ? "system snapshot, line " : "line ") +
                    std::to_string(place.index->line_number(offset)) + ": " + std::string(why));
}

void SnapshotStore::each_line(const Place& place, auto&& visit) const {
  const auto text = place.index->text();
  for (auto begin = place.entry->begin; begin < place.entry->end;) {
    const auto end = text.find('\n', begin);
    simdjson::dom::element line;
    simdjson::dom::object object;
    std::string_view key;
    if (const auto error = parser_.parse(text.data() + begin, end - begin, true).get(line))
      report(place, begin, simdjson::error_message(error));
    else if (line.get(object) || object.size() == 0 || object.begin().value().get(key))
      report(place, begin, "not the line of an object");
    else
      visit(begin, object.begin().key(), key, line);
    begin = end + 1;
  }
}

template <class T>
void SnapshotStore::read_line(const Place& place, std::size_t begin, simdjson::dom::element line, T& into) const {
  json::Reader reader;
  simdjson::dom::object object;
  if (line.get(object)) return;
  bool first = true;
  for (const auto& [field, value] : object) {
    const bool of_line = first || (std::same_as<T, Index> && field == "on");
    first = false;
    if (!of_line && !reader.read_field(field, value, into)) return report(place, begin, reader.error);
  }
}

void SnapshotStore::add_sizes(Table& table) const {
  simdjson::dom::element entry;
  if (sizes_["tables"][table.name.text()].get(entry)) return;
  double rows = 0;
  if (!entry["rows"].get(rows)) table.rows = rows;
  std::int64_t bytes = 0;
  if (!entry["bytes"].get(bytes)) table.bytes = bytes;
  simdjson::dom::array numbers;
  if (entry["numbers"].get(numbers) || numbers.size() != table.columns.size()) return;
  auto column = table.columns.begin();
  for (const auto number : numbers) {
    std::int64_t value = 0;
    if (!number.get(value)) column->number = static_cast<int>(value);
    ++column;
  }
}

template <class Whole>
void SnapshotStore::read_parts(const Place& at, lines::Rank own, const char* what, Whole& whole) const {
  each_line(at, [&](std::size_t begin, std::string_view kind, std::string_view key, simdjson::dom::element line) {
    const auto rank = lines::rank(kind);
    if (rank == own) return read_line(at, begin, line, whole);
    const bool placed = place_part(whole, rank, [&](auto& parts) {
      parts.emplace_back().name = part_name(key);
      if (parts.back().name.empty()) report(at, begin, "a name that cannot be read");
      read_line(at, begin, line, parts.back());
      return true;
    });
    if (!placed) return report(at, begin, std::string("not a part of a ") + what);
    if (rank == Rank::column) whole.columns.back().number = static_cast<int>(whole.columns.size());
  });
}

std::shared_ptr<const Table> SnapshotStore::table(const Name& name) const {
  const auto at = place("table", name);
  if (!at) return nullptr;
  auto& slot = read_[at.entry];
  if (slot) return std::static_pointer_cast<const Table>(slot);
  Table table;
  table.name = name;
  read_parts(at, Rank::table, "table", table);
  add_sizes(table);
  auto made = std::make_shared<const Table>(std::move(table));
  slot = made;
  return made;
}

std::shared_ptr<const View> SnapshotStore::view(const Name& name) const {
  const auto at = place("view", name);
  if (!at) return nullptr;
  auto& slot = read_[at.entry];
  if (slot) return std::static_pointer_cast<const View>(slot);
  View view;
  view.name = name;
  read_parts(at, Rank::view, "view", view);
  auto made = std::make_shared<const View>(std::move(view));
  slot = made;
  return made;
}

template <class T>
std::shared_ptr<const T> SnapshotStore::read_whole(const Place& at, T made) const {
  auto& slot = read_[at.entry];
  if (slot) return std::static_pointer_cast<const T>(slot);
  each_line(at, [&](std::size_t begin, std::string_view, std::string_view, simdjson::dom::element line) {
    read_line(at, begin, line, made);
  });
  if constexpr (requires { made.system; }) made.system = at.index == &system_index_;
  if constexpr (std::same_as<T, Sequence>) {
    std::string_view last;
    if (!sizes_["sequences"][made.name.text()].get(last)) made.last_value = last;
  }
  auto shared = std::make_shared<const T>(std::move(made));
  slot = shared;
  return shared;
}

std::shared_ptr<const Sequence> SnapshotStore::sequence(const Name& name) const {
  const auto at = place("sequence", name);
  return at ? read_whole(at,
                         [&] {
                           Sequence made;
                           made.name = name;
                           return made;
                         }())
            : nullptr;
}

std::shared_ptr<const Type> SnapshotStore::type(const Name& name) const {
  const auto at = place("type", name);
  return at ? read_whole(at,
                         [&] {
                           Type made;
                           made.name = name;
                           return made;
                         }())
            : nullptr;
}

std::vector<std::shared_ptr<const Function>> SnapshotStore::functions(const Name& name) const {
  std::vector<std::shared_ptr<const Function>> found;
  const auto order = lines::order("function", name);
  for (const auto* index : {&object_index_, &system_index_}) {
    const auto* end = index->entries().data() + index->entries().size();
    for (const auto* entry = index->find(order); entry != nullptr && entry != end; ++entry) {
      const auto& at = entry->order;
      if (at.schema != order.schema || at.relation != order.relation || at.rank != order.rank) break;
      Function made;
      made.name = name;
      made.arguments_key = at.part;
      found.push_back(read_whole(Place{index, entry}, std::move(made)));
    }
  }
  return found;
}

std::shared_ptr<const Object> SnapshotStore::object(std::string_view kind, const Name& name) const {
  const auto at = place(kind, name);
  if (!at || at.entry->kind != kind) return nullptr;
  Object made;
  made.kind = kind;
  made.name = name;
  return read_whole(at, std::move(made));
}

std::vector<Applied> SnapshotStore::migrations() const {
  std::vector<Applied> found;
  for (const auto& entry : object_index_.entries()) {
    if (entry.kind != "migration") break;  // they stand first
    Applied migration;
    migration.name = entry.order.part;
    const Place at{&object_index_, &entry};
    each_line(at, [&](std::size_t begin, std::string_view, std::string_view, simdjson::dom::element line) {
      read_line(at, begin, line, migration);
    });
    std::string_view since;
    if (!sizes_["migrations"][migration.name].get(since)) migration.since = since;
    found.push_back(std::move(migration));
  }
  return found;
}

}  // namespace mig::catalog
