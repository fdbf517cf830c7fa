// Options of indexes: which there are, what they take, what they lock.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/index_at.hpp"

namespace mig::operations {

// "fillfactor=70" as in catalog::Index::options.
using IndexOptions = std::vector<std::string>;

// Reports an option that indexes of this method do not have.
bool require_index_option(const Context& ctx, const catalog::Index& index, const std::string& name, source::Span span);
// Reports a value that the option does not take.
bool require_index_value(const Context& ctx, const std::string& name, const std::string& value, source::Span span);
[[nodiscard]] IndexOptions with_index_option(IndexOptions options, const std::string& name, const std::string* value);

// The index of the call and its parts: those that PostgreSQL sets options of.
[[nodiscard]] std::vector<IndexAt> indexes_to_set(const Context& ctx);
// What `changed` makes of the options of each; the way back sets what each had.
using ChangeOptions = IndexOptions (*)(const Context& ctx, const catalog::Index& index);
void check_index_options(const Context& ctx, ChangeOptions changed);
void put_index_options(const Context& ctx, catalog::Catalog& after, ChangeOptions changed);
[[nodiscard]] std::vector<sql::Step> index_option_steps(const Context& ctx, ChangeOptions changed);

}  // namespace mig::operations
