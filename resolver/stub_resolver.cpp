#include "resolver/stub_resolver.h"

#include <utility>

#include "resolver/stub_resolver_core.h"

namespace dauth::resolver {

StubResolver::StubResolver(net::Transport& transport, net::RandomSource& random, StubResolverOptions options)
    : core_(std::make_unique<Core>(transport, random, std::move(options))) {}

StubResolver::~StubResolver() = default;

void StubResolver::ask(const dns::Question& question, OutcomeHandler& handler, std::uint64_t token,
                       std::uint32_t tries) {
  core_->ask(question, handler, token, tries);
}

bool StubResolver::has_room() const {
  return core_->has_room();
}

void StubResolver::set_room_listener(std::function<void()> listener) {
  core_->set_room_listener(std::move(listener));
}

std::size_t StubResolver::outstanding() const {
  return core_->outstanding();
}

void StubResolver::cancel_all() {
  core_->cancel_all();
}

const ResolverFigures& StubResolver::figures() const {
  return core_->figures();
}

}  // namespace dauth::resolver
