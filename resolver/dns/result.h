// Result<T, E>: an expected failure is a value, not an exception.
//
// An alias of tl::expected (Debian's libexpected-dev), the C++17 form of std::expected, so that a later move
// to C++23 changes this file alone.
#pragma once

#include <tl/expected.hpp>

namespace dauth {

template <class T, class E>
using Result = tl::expected<T, E>;

using tl::unexpected;

}  // namespace dauth
