"""All pages made of several features. The catch-all of home comes last."""

from fastapi import APIRouter

from consult.site import cabinet, drafts, duties, home, taking_part

router = APIRouter()
router.include_router(drafts.router)
router.include_router(taking_part.router)
router.include_router(duties.router)
router.include_router(cabinet.router)
router.include_router(home.router)
