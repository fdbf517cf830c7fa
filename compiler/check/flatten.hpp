// The operations of a migration in run order, each with its phase: includes and `when server` are gone.
#pragma once

#include "compiler/catalog/catalog.hpp"
#include "compiler/check/sources.hpp"
#include "compiler/sql/step.hpp"

namespace mig::check {

struct Placed {
  const syntax::Call* call = nullptr;
  sql::Phase phase = sql::Phase::expand;
  bool direct = false;  // written outside any phase
};

[[nodiscard]] std::vector<Placed> flatten(const syntax::Migration& migration, const Sources& sources,
                                          const catalog::Catalog& catalog, diagnostics::Sink& sink);

}  // namespace mig::check
