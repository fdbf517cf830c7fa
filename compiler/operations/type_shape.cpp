// PostgreSQL's own types stand here, since a catalog may come without them.
#include "compiler/operations/type_shape.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "compiler/catalog/builtin_types.hpp"
#include "compiler/operations/type_text.hpp"

namespace mig::operations {

namespace {

struct Group {
  const char* category;
  int length;
  const char* storage;
  std::string_view names;  // of pg_type, with a blank before and behind each
};

constexpr Group groups[] = {
    {"A", -1, "plain", " int2vector oidvector "},
    {"B", 1, "plain", " bool "},
    {"D", 4, "plain", " date "},
    {"D", 8, "plain", " time timestamp timestamptz "},
    {"D", 12, "plain", " timetz "},
    {"G", -1, "extended", " path polygon "},
    {"G", 16, "plain", " point "},
    {"G", 24, "plain", " circle line "},
    {"G", 32, "plain", " box lseg "},
    {"I", -1, "main", " cidr inet "},
    {"N", -1, "main", " numeric "},
    {"N", 2, "plain", " int2 "},
    {"N", 4, "plain",
     " float4 int4 oid regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc "
     "regprocedure regrole regtype "},
    {"N", 8, "plain", " float8 int8 money "},
    {"R", -1, "extended",
     " datemultirange daterange int4multirange int4range int8multirange int8range nummultirange numrange tsmultirange "
     "tsrange tstzmultirange tstzrange "},
    {"S", -1, "extended", " bpchar text varchar "},
    {"S", 64, "plain", " name "},
    {"T", 16, "plain", " interval "},
    {"U", -1, "plain", " gtsvector tsquery "},
    {"U", 4, "plain", " cid xid "},
    {"U", 6, "plain", " macaddr tid "},
    {"U", 8, "plain", " macaddr8 pg_lsn xid8 "},
    {"U", 16, "plain", " uuid "},
    {"V", -1, "extended", " bit varbit "},
};

TypeShape builtin_shape(const std::string& name, int major) {
  if (name == "char") return {major < 15 ? "S" : "Z", 1, "plain"};
  if (name == "aclitem") return {"U", major < 16 ? 12 : 16, "plain"};
  const auto* found = std::find_if(std::begin(groups), std::end(groups), [&](const Group& group) {
    return group.names.find(" " + name + " ") != std::string_view::npos;
  });
  if (found == std::end(groups)) return {"U", -1, "extended"};
  return {found->category, found->length, found->storage};
}

}  // namespace

TypeShape type_shape(const Context& ctx, const std::string& type) {
  const auto major = ctx.before.server.major();
  if (const auto* own = type_of(ctx.before, type)) return {own->category, own->length, own->storage};
  if (type.size() > 2 && type.substr(type.size() - 2) == "[]") return {"A", -1, "extended"};
  const auto name = type == "\"char\"" ? std::optional(catalog::Name{"pg_catalog", "char"})
                                       : catalog::builtin_type(type_text(ctx, type).base, major);
  if (name) return builtin_shape(name->name, major);
  const auto row = catalog::parse_name(type);
  const bool table = row && row->size() == 2 && ctx.before.table({row->front(), row->back()});
  return {table ? "C" : "U", -1, "extended"};
}

}  // namespace mig::operations
