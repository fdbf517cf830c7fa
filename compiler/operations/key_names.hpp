// Names of constraints and indexes: a key and its index always bear one name, whichever of the two is renamed.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

enum class Named { constraint, index };
// Renames one of this table, of a key the other with it, and what the model keeps of both: the partitions' parts know
// their parent by its name, bodies in BEGIN ATOMIC follow.
void rename_key(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, Named what,
                const std::string& from, const std::string& to);

// The new name of a constraint, and where `index` of an index too: not the old one, free, allowed.
bool require_new_key_name(const Context& ctx, const catalog::Table& table, const std::string& old,
                          const syntax::Name& name, bool index);
// Why old clients notice that a key is called otherwise.
[[nodiscard]] Break renamed_key(const catalog::Table& table, const std::string& name);
// Bodies that are text and say `on constraint name`.
void warn_of_conflict_texts(const Context& ctx, const std::string& name, source::Span span);

}  // namespace mig::operations
