#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "scanner/list/packed_source.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kPackedRoom = 128 * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib's way to say "a gzip header, no other"

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), input_(kPackedRoom) {
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override {
    if (ready_) inflateEnd(&stream_);
  }

  bool ready() const { return ready_; }

  Result<std::size_t, std::string> read(std::span<char> room) override {
    const auto limit =
        static_cast<uInt>(std::min<std::size_t>(room.size(), std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = limit;
    while (stream_.avail_out == limit) {
      if (stream_.avail_in == 0) {
        const auto got = packed_->read(input_);
        if (!got) return unexpected(got.error());
        if (*got == 0) {
          if (between_members_) return 0;
          return unexpected<std::string>("the gzip data breaks off");
        }
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(*got);
      }
      if (between_members_) {
        // gzip files may be padded with zeros (tapes, block devices).
        if (any_member_ && *stream_.next_in == 0) {
          ++stream_.next_in;
          --stream_.avail_in;
          continue;
        }
        if (any_member_ && inflateReset(&stream_) != Z_OK)
          return unexpected<std::string>("gzip: cannot go on");
        between_members_ = false;
        any_member_ = true;
      }
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return unexpected<std::string>("the gzip data is damaged");
      }
    }
    return limit - stream_.avail_out;
  }

 private:
  std::unique_ptr<ByteSource> packed_;
  std::vector<char> input_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = true;
  bool any_member_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>, std::string> make_gzip_source(std::unique_ptr<ByteSource> packed) {
  auto source = std::make_unique<GzipSource>(std::move(packed));
  if (!source->ready()) return unexpected<std::string>("zlib does not start");
  return source;
}

}  // namespace dauth::scanner
