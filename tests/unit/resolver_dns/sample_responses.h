// Well-formed responses and what each means (docs/measurement-method.md section 1). Further tests cut them,
// shuffle them and change octets; the fuzz corpus is made of them.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::testing {

struct SampleResponse {
  std::string title;  // letters and digits
  ResponseParts parts;
  std::string outcome;  // as show() writes it
};

std::vector<SampleResponse> sample_responses();

}  // namespace dauth::testing
