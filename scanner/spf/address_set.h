// AddressSet: a set of addresses of one family, as ranges.
//
// A value. Addresses are numbers of up to 128 bits; the set does not know its family. Ranges are kept in
// order, apart from each other, so that sets are equal where their addresses are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dauth::scanner {

// ISO C++ has no integer of 128 bits; g++ and clang have this one.
__extension__ using Uint128 = unsigned __int128;

struct AddressRange {
  Uint128 first = 0;
  Uint128 last = 0;  // included

  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

// The addresses that share the first `prefix_length` bits of `network` (4 or 16 octets).
AddressRange network_range(std::span<const std::uint8_t> network, std::size_t prefix_length);

class AddressSet {
 public:
  AddressSet() = default;
  // In any order, overlapping or not.
  explicit AddressSet(std::vector<AddressRange> ranges);

  // All addresses of `bits` bits: 32 or 128.
  static AddressSet all(std::size_t bits);

  void unite(const AddressSet& other);

  AddressSet intersected(const AddressSet& other) const;
  AddressSet without(const AddressSet& other) const;

  // `address`: 4 or 16 octets.
  bool contains(std::span<const std::uint8_t> address) const;
  bool empty() const { return ranges_.empty(); }
  // How many addresses: exact, decimal digits, 0 to 2^128.
  std::string size_text() const;
  // The same as a number, for sets of IPv4 addresses.
  std::uint64_t size() const;

  friend bool operator==(const AddressSet&, const AddressSet&) = default;

 private:
  void normalise();

  std::vector<AddressRange> ranges_;
};

}  // namespace dauth::scanner
