"""All pages made of several features; those most read come first, for routes are tried in turn."""

from fastapi import APIRouter

from consult.site import (
    admin,
    after,
    agencies,
    audit,
    cabinet,
    campaigns,
    comment_page,
    comparative,
    comparison,
    desk,
    draft_feeds,
    drafts,
    duties,
    duty_desk,
    duty_feeds,
    embed,
    feeds,
    figures,
    following,
    home,
    keeping,
    lawbook,
    oembed,
    organisations,
    papers,
    parliament,
    plans,
    polls,
    search,
    sitemap,
    taking_part,
    write_api,
)

router = APIRouter()
router.include_router(home.router)
router.include_router(search.router)
router.include_router(drafts.router)
router.include_router(comparison.router)
router.include_router(comparative.router)
router.include_router(comment_page.router)
router.include_router(taking_part.router)
router.include_router(write_api.router)
router.include_router(papers.router)
router.include_router(plans.router)
router.include_router(agencies.router)
router.include_router(embed.router)
router.include_router(oembed.router)
router.include_router(duties.router)
router.include_router(campaigns.router)
router.include_router(after.router)
router.include_router(cabinet.router)
router.include_router(following.router)
router.include_router(organisations.router)
router.include_router(admin.router)
router.include_router(audit.router)
router.include_router(lawbook.router)
router.include_router(desk.router)
router.include_router(duty_desk.router)
router.include_router(figures.router)
router.include_router(keeping.router)
router.include_router(parliament.router)
router.include_router(polls.router)
router.include_router(feeds.router)
router.include_router(sitemap.router)
router.include_router(draft_feeds.router)
router.include_router(duty_feeds.router)
