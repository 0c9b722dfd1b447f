#include <zstd.h>

#include <utility>
#include <vector>

#include "scanner/list/packed_source.h"

namespace dauth::scanner {
namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> packed)
      : packed_(std::move(packed)), stream_(ZSTD_createDStream()), input_(ZSTD_DStreamInSize()) {}

  bool ready() const { return stream_ != nullptr; }

  Result<std::size_t, std::string> read(std::span<char> room) override {
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    while (out.pos == 0) {
      // A full buffer last time may have left octets inside the stream, so more input is asked for only when
      // it says that it wants some or there is none at all.
      if (in_.pos == in_.size && wants_input_) {
        const auto got = packed_->read(input_);
        if (!got) return unexpected(got.error());
        if (*got == 0) {
          if (frame_complete_) return 0;
          return unexpected<std::string>("the zstd data breaks off");
        }
        in_ = {input_.data(), *got, 0};
      }
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &out, &in_);
      if (ZSTD_isError(status) != 0) {
        return unexpected(std::string("the zstd data is damaged: ") + ZSTD_getErrorName(status));
      }
      frame_complete_ = status == 0;
      wants_input_ = frame_complete_ || out.pos < out.size;
    }
    return out.pos;
  }

 private:
  std::unique_ptr<ByteSource> packed_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  std::vector<char> input_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool wants_input_ = true;
  bool frame_complete_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>, std::string> make_zstd_source(std::unique_ptr<ByteSource> packed) {
  auto source = std::make_unique<ZstdSource>(std::move(packed));
  if (!source->ready()) return unexpected<std::string>("zstd does not start");
  return source;
}

}  // namespace dauth::scanner
