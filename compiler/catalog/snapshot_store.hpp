// A store over snapshot texts: reads an object's lines when somebody asks for it, and keeps what it has read.
#pragma once

#include <simdjson.h>

#include "compiler/catalog/snapshot_index.hpp"

namespace mig::catalog {

class SnapshotStore : public Store {
 public:
  using Text = std::shared_ptr<const std::string>;
  // `sizes` is copied by the parser; the texts live as long as the store.
  SnapshotStore(Text objects, SnapshotIndex object_index, Text system, SnapshotIndex system_index,
                simdjson::dom::element sizes, std::shared_ptr<simdjson::dom::parser> sizes_parser);

  [[nodiscard]] std::shared_ptr<const Table> table(const Name& name) const override;
  [[nodiscard]] std::shared_ptr<const View> view(const Name& name) const override;
  [[nodiscard]] std::shared_ptr<const Sequence> sequence(const Name& name) const override;
  [[nodiscard]] std::shared_ptr<const Type> type(const Name& name) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const Function>> functions(const Name& name) const override;
  [[nodiscard]] std::shared_ptr<const Object> object(std::string_view kind, const Name& name) const override;
  [[nodiscard]] std::optional<Name> index_owner(const Name& index) const override;
  [[nodiscard]] std::vector<Name> names(std::string_view kind) const override;
  [[nodiscard]] std::vector<Name> referencing(const Name& table) const override;
  [[nodiscard]] std::vector<std::pair<std::string, Name>> users(const Name& relation) const override;
  [[nodiscard]] std::vector<Name> owned_sequences(const Name& table) const override;
  [[nodiscard]] std::vector<std::string> damage() const override { return damage_; }
  [[nodiscard]] std::vector<Applied> migrations() const;

 private:
  // An entry and the file that it stands in.
  struct Place {
    const SnapshotIndex* index = nullptr;
    const Entry* entry = nullptr;
    explicit operator bool() const { return entry != nullptr; }
  };
  [[nodiscard]] Place place(std::string_view kind, const Name& name) const;
  // Calls visit(kind, key, element) for each line of the entry; what cannot be read is damage.
  void each_line(const Place& place, auto&& visit) const;
  template <class T>
  void read_line(const Place& place, std::size_t begin, simdjson::dom::element line, T& into) const;
  // A table or a view with its parts; `own` is the rank of its own line.
  template <class Whole>
  void read_parts(const Place& place, lines::Rank own, const char* what, Whole& whole) const;
  template <class T>
  [[nodiscard]] std::shared_ptr<const T> read_whole(const Place& place, T made) const;
  void add_sizes(Table& table) const;
  void report(const Place& place, std::size_t offset, std::string_view why) const;

  Text objects_, system_;
  SnapshotIndex object_index_, system_index_;
  std::shared_ptr<simdjson::dom::parser> sizes_parser_;  // owns what sizes_ points to
  simdjson::dom::element sizes_;
  // Reading changes nothing that a caller sees but this.
  mutable simdjson::dom::parser parser_;
  mutable std::vector<std::string> damage_;
  mutable std::unordered_map<const Entry*, std::shared_ptr<const void>> read_;
};

// The names that entries are of.
[[nodiscard]] Name entry_name(const Entry& entry);

}  // namespace mig::catalog
