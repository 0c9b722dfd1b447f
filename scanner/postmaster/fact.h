// Fact: one thing that `dauth check` tells of a host or an address: yes, no, or unknown with a cause.
//
// What could not be looked up is unknown and never a no. A bound that kept a question from being asked is the
// cause kNotAsked.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/finding.h"

namespace dauth::scanner {

struct Fact {
  enum class State : std::uint8_t { kNo, kYes, kUnknown };

  State state = State::kUnknown;
  data::Cause cause = data::Cause::kNotAsked;  // kNone where the state is known

  static constexpr Fact yes() { return {State::kYes, data::Cause::kNone}; }
  static constexpr Fact no() { return {State::kNo, data::Cause::kNone}; }
  static constexpr Fact unknown(data::Cause cause) { return {State::kUnknown, cause}; }
  static constexpr Fact from_bool(bool holds) { return holds ? yes() : no(); }

  constexpr bool is_yes() const { return state == State::kYes; }
  constexpr bool is_no() const { return state == State::kNo; }
  constexpr bool is_unknown() const { return state == State::kUnknown; }

  // "a or b": yes where one is; no where both are; else unknown, with the cause of the first that is.
  friend constexpr Fact operator||(const Fact& a, const Fact& b) {
    if (a.is_yes() || b.is_yes()) return yes();
    return a.is_unknown() ? a : b;
  }

  friend constexpr bool operator==(const Fact&, const Fact&) = default;
};

// "yes", "no", "unknown".
constexpr std::string_view to_text(Fact::State state) {
  switch (state) {
    case Fact::State::kNo:
      return "no";
    case Fact::State::kYes:
      return "yes";
    case Fact::State::kUnknown:
      return "unknown";
  }
  return "";
}

}  // namespace dauth::scanner
