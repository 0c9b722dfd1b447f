// IdTable and RecentIds: which open question a reply's ID belongs to, in constant time (RFC 5452 section 9).
//
// IdTable maps (lane, ID) to a slot by open addressing; it grows with the questions in flight and allocates
// for nothing else. IDs are random, so strangers cannot make the entries collide.
// RecentIds is a memory of IDs that are closed, which tells a late or repeated reply from a stray one. It has
// one size (some 130 KiB) and holds what some seconds close at 10,000 questions a second. Every question ends
// in it, so its table is touched for many at a time. It keeps 16 bits of a hash of each, so that one stray
// reply in some 16,000 is taken for a late one; nothing but a count rests on it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "resolver/lane.h"

namespace dauth::resolver {

class IdTable {
 public:
  IdTable();

  std::optional<std::uint32_t> find(Lane lane, std::uint16_t id) const;
  bool contains(Lane lane, std::uint16_t id) const { return find(lane, id).has_value(); }
  // The pair is not in the table yet.
  void insert(Lane lane, std::uint16_t id, std::uint32_t slot);
  // Does nothing where the pair is not in the table.
  void erase(Lane lane, std::uint16_t id);
  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint64_t key = kFree;
    std::uint32_t slot = 0;
  };
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};

  std::size_t home_of(std::uint64_t key) const;
  void grow();

  std::vector<Entry> entries_;  // a power of two, at most half of them in use
  std::size_t size_ = 0;
};

class RecentIds {
 public:
  RecentIds();
  void remember(Lane lane, std::uint16_t id) {
    newest_[newest_count_++] = {lane, id};
    if (newest_count_ == newest_.size()) take_in();
  }
  bool contains(Lane lane, std::uint16_t id);

 private:
  struct Closed {
    Lane lane{};
    std::uint16_t id = 0;
  };
  void take_in();

  std::array<Closed, 512> newest_;  // not in the table yet
  std::size_t newest_count_ = 0;
  // Sets of four marks, the newest in the lowest 16 bits: a newer one displaces the oldest of its set.
  std::vector<std::uint64_t> sets_;
};

}  // namespace dauth::resolver
