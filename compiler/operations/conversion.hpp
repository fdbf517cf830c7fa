// From one type to another: does PostgreSQL write every row anew for it, and does every value survive the way there and
// back? Rules of ATColumnChangeRequiresRewrite and of the length coercions' planner support functions.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct Conversion {
  bool assignment = false;  // PostgreSQL converts by itself; else only USING says how
  bool rewrites = true;     // each row is written anew, and with it each index of the table
  bool rebuilds = true;     // indexes on the column are built again
  bool lossless = false;    // there and back every value is the same
  bool grows = false;       // the same kind of values with more room: no client sees a difference
  bool zoned = false;       // the session's TimeZone decides what comes out
};
// `from` and `to` as format_type prints them.
[[nodiscard]] Conversion conversion(const Context& ctx, const std::string& from, const std::string& to);

// timestamp to timestamptz or back with TimeZone = UTC: the same bits.
[[nodiscard]] bool same_bits_in_utc(const Context& ctx, const std::string& from, const std::string& to);

// Values of this type have a collation; TOAST may move or compress them.
[[nodiscard]] bool collatable(const Context& ctx, const std::string& type);
[[nodiscard]] bool toastable(const Context& ctx, const std::string& type);
// What a column of this type is stored as where nothing is said: "plain", "extended", "main", "external".
[[nodiscard]] std::string usual_storage(const Context& ctx, const std::string& type);

// `value` as this type, so that an assignment to a column of it works: a cast, by way of text where there is no cast.
[[nodiscard]] sql::Fragment cast_to(const Context& ctx, const sql::Fragment& value, const std::string& from,
                                    const std::string& to);
// True for the rows of which `column`, of type `from`, does not fit into `to`; asked without ever failing. Empty: there
// is no such question.
[[nodiscard]] sql::Fragment does_not_fit(const Context& ctx, const std::string& column, const std::string& from,
                                         const std::string& to);

}  // namespace mig::operations
