"""All pages made of several features. The catch-all of home comes last."""

from fastapi import APIRouter

from consult.site import drafts, home, taking_part

router = APIRouter()
router.include_router(drafts.router)
router.include_router(taking_part.router)
router.include_router(home.router)
