// BlockPool: memory for what the domains of a survey need over and over: surveys, questions, coroutine
// frames.
//
// A memory resource of free lists by size, since a domain takes and gives back some fifteen blocks and
// std::pmr's own pool looks for the chunk that each belongs to. The block that was given back last is handed
// out next, while it is in the cache. Owns its memory until its end and gives none back before: bounded by
// the most that was in use at once. Large blocks, and such of unusual alignment, come from the heap. Not for
// use from several threads.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <vector>

namespace dauth::scanner {

class BlockPool final : public std::pmr::memory_resource {
 public:
  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool() override;

 private:
  struct FreeBlock {
    FreeBlock* next = nullptr;
  };
  // Sizes are multiples of a cache line.
  static constexpr std::size_t kStep = 64;
  static constexpr std::size_t kLargest = 4096;
  static constexpr std::size_t kChunk = 128 * 1024;

  static bool is_pooled(std::size_t octets, std::size_t alignment) {
    return octets != 0 && octets <= kLargest && alignment <= kStep;
  }
  static std::size_t size_class(std::size_t octets) { return (octets - 1) / kStep; }

  void* do_allocate(std::size_t octets, std::size_t alignment) override;
  void do_deallocate(void* block, std::size_t octets, std::size_t alignment) override;
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }
  void* cut(std::size_t octets);

  std::array<FreeBlock*, kLargest / kStep> free_{};
  std::byte* rest_ = nullptr;  // of the newest chunk
  std::size_t rest_octets_ = 0;
  std::vector<std::byte*> chunks_;
};

}  // namespace dauth::scanner
