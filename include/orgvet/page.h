/* orgvet/page.h: the page of the import service: a browser's way to vet, mend and import. */
#ifndef ORGVET_PAGE_H
#define ORGVET_PAGE_H

#include "orgvet/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For ov_service_options.page. Static. */
OV_API const struct ov_page *ov_page(void);

#ifdef __cplusplus
}
#endif
#endif
