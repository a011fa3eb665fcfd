"""Pages of grouping."""

from fastapi import APIRouter

router = APIRouter()
