// A store whose objects are all in memory: what introspection fills. Catalogs over it copy only what they change.
#pragma once

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

class Memory : public Store {
 public:
  void add(Table table);
  void add(View view);
  void add(Sequence sequence);
  void add(Type type);
  void add(Function function);
  void add(Object object);

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

 private:
  std::map<Name, std::shared_ptr<const Table>> tables_;
  std::map<Name, std::shared_ptr<const View>> views_;
  std::map<Name, std::shared_ptr<const Sequence>> sequences_;
  std::map<Name, std::shared_ptr<const Type>> types_;
  std::map<Name, std::vector<std::shared_ptr<const Function>>> functions_;
  std::map<std::string, std::map<Name, std::shared_ptr<const Object>>, std::less<>> objects_;
  // Who refers to what, filled by add(): questions about one table do not walk all of them.
  std::map<Name, Name> index_owners_;
  std::map<Name, std::set<Name>> referencing_, owned_;
  std::map<Name, std::set<std::pair<std::string, Name>>> users_;
};

}  // namespace mig::catalog
