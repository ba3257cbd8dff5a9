/* page/page.h: the page of the import service: a browser's way to vet, mend and import. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "server/server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For ov_service_options.page. Static. */
OV_API const struct ov_page *ov_page(void);

#ifdef __cplusplus
}
#endif
#endif
