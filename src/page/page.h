/* page/page.h: the browser interface of the import service: vetting, fixing and importing files. */
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
