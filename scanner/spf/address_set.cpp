#include "scanner/spf/address_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dauth::scanner {
namespace {

// `free_bits` ones on the right.
Uint128 free_mask(std::size_t free_bits) {
  return free_bits >= 128 ? ~Uint128{0} : (Uint128{1} << free_bits) - 1;
}

}  // namespace

AddressSet AddressSet::all(std::size_t bits) {
  AddressSet set;
  set.ranges_.push_back({0, free_mask(bits)});
  return set;
}

AddressRange network_range(std::span<const std::uint8_t> network, std::size_t prefix_length) {
  Uint128 address = 0;
  for (const std::uint8_t octet : network) address = address << 8 | octet;
  const Uint128 mask = free_mask(network.size() * 8 - prefix_length);
  return {address & ~mask, address | mask};
}

AddressSet::AddressSet(std::vector<AddressRange> ranges) : ranges_(std::move(ranges)) {
  normalise();
}

void AddressSet::unite(const AddressSet& other) {
  if (other.empty()) return;
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  normalise();
}

void AddressSet::normalise() {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
  std::vector<AddressRange> merged;
  for (const AddressRange& range : ranges_) {
    // last + 1 is 0 behind the last address of all, where nothing can follow.
    if (!merged.empty() && (range.first <= merged.back().last || range.first == merged.back().last + 1)) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  ranges_ = std::move(merged);
}

AddressSet AddressSet::intersected(const AddressSet& other) const {
  AddressSet result;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const Uint128 first = std::max(a->first, b->first);
    const Uint128 last = std::min(a->last, b->last);
    if (first <= last) result.ranges_.push_back({first, last});
    if (a->last < b->last) {
      ++a;
    } else {
      ++b;
    }
  }
  return result;
}

AddressSet AddressSet::without(const AddressSet& other) const {
  AddressSet result;
  auto removed = other.ranges_.begin();
  for (AddressRange range : ranges_) {
    while (removed != other.ranges_.end() && removed->last < range.first) ++removed;
    bool is_left = true;
    for (auto each = removed; each != other.ranges_.end() && each->first <= range.last; ++each) {
      if (each->first > range.first) result.ranges_.push_back({range.first, each->first - 1});
      if (each->last >= range.last) {
        is_left = false;
        break;
      }
      range.first = each->last + 1;
    }
    if (is_left) result.ranges_.push_back(range);
  }
  return result;
}

bool AddressSet::contains(std::span<const std::uint8_t> address) const {
  const Uint128 number = network_range(address, address.size() * 8).first;
  const auto behind =
      std::upper_bound(ranges_.begin(), ranges_.end(), number,
                       [](Uint128 at, const AddressRange& range) { return at < range.first; });
  return behind != ranges_.begin() && number <= std::prev(behind)->last;
}

std::uint64_t AddressSet::size() const {
  std::uint64_t sum = 0;
  for (const AddressRange& range : ranges_) sum += static_cast<std::uint64_t>(range.last - range.first) + 1;
  return sum;
}

std::string AddressSet::size_text() const {
  // 2^128 is the one count that 128 bits do not hold.
  if (ranges_.size() == 1 && ranges_[0].first == 0 && ranges_[0].last == ~Uint128{0}) {
    return "340282366920938463463374607431768211456";
  }
  Uint128 sum = 0;
  for (const AddressRange& range : ranges_) sum += range.last - range.first + 1;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(sum % 10)));
    sum /= 10;
  } while (sum > 0);
  return digits;
}

}  // namespace dauth::scanner
