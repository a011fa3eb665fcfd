"""Pages of papers."""

from fastapi import APIRouter

router = APIRouter()
