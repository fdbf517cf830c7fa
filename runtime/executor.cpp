// The executor's entry points: the one place where the world's failures become outcomes.
#include "runtime/executor.hpp"

#include <utility>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

struct Executor::Impl {
  Work work;

  // Connects and, where something will be changed, takes the lock.
  Stop ready(bool read_only) {
    if (auto stop = open(work)) return stop;
    // A session that was just closed, or lost its mig, holds the lock for another moment.
    constexpr int moment_ms = 300;
    if (!read_only) return work.locked ? std::nullopt : take_lock(work, moment_ms);
    work.ask(sql::sql("SET default_transaction_read_only = on"));
    return std::nullopt;
  }

  template <class Body>
  Outcome guarded(const ApplyOptions& options, const Body& body) {
    try {
      work.cancelled = false;
      work.reconnect_ms = options.reconnect_ms;
      if (auto stop = ready(options.dry_run)) return *stop;
      auto outcome = body();
      if (options.dry_run) work.ask(sql::sql("SET default_transaction_read_only = off"));
      return outcome;
    } catch (const DatabaseError& error) {
      return outside_a_step(work, error);
    }
  }
};

Executor::Executor(Target target, Observer observer, Interrupt interrupt) : impl_(std::make_unique<Impl>()) {
  impl_->work.target = std::move(target);
  impl_->work.observer = std::move(observer);
  impl_->work.interrupt = std::move(interrupt);
}

// Closing the session lets go as well, but only when its server process gets to it: the next call should not be told
// that we still hold it.
Executor::~Executor() {
  auto& work = impl_->work;
  if (!work.locked || !work.session || !work.session->alive()) return;
  try {
    record_what_changed(work);
    work.ask(plan::journal::unlock());
  } catch (const DatabaseError&) {
    return;  // gone, and the lock with it
  }
}

std::optional<Outcome> Executor::lock(int wait_ms) {
  auto& work = impl_->work;
  try {
    if (auto stop = open(work)) return stop;
    return work.locked ? std::nullopt : take_lock(work, wait_ms);
  } catch (const DatabaseError& error) {
    return outside_a_step(work, error);
  }
}

Outcome Executor::apply(const plan::Plan& plan, const ApplyOptions& options) {
  return impl_->guarded(options, [&] { return runtime::apply(impl_->work, plan, options); });
}

Outcome Executor::resume(const std::string& migration, const ApplyOptions& options) {
  return impl_->guarded(options, [&] { return runtime::resume(impl_->work, migration, options); });
}

Outcome Executor::adopt(const plan::Plan& plan, const ApplyOptions& options) {
  return impl_->guarded(options, [&] { return runtime::adopt(impl_->work, plan, options); });
}

Outcome Executor::rollback(const std::string& migration, plan::journal::State to, const ApplyOptions& options) {
  return impl_->guarded(options, [&] { return runtime::rollback(impl_->work, migration, to, options); });
}

Outcome Executor::purge_backups(const std::vector<std::string>& migrations, const ApplyOptions& options) {
  return impl_->guarded(options,
                        [&] { return runtime::purge_backups(impl_->work, migrations, options.backup.project); });
}

Outcome Executor::restore_files(const std::string& migration, bool overwrite, const ApplyOptions& options) {
  return impl_->guarded(options, [&] { return runtime::restore_files(impl_->work, migration, overwrite, options); });
}

}  // namespace mig::runtime
