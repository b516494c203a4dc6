"""What Linear is asked, in GraphQL."""

from __future__ import annotations

ISSUE = "id identifier url trashed state { name type }"

WHO = """query Who($team: String!) {
  viewer { name }
  teams(filter: { key: { eq: $team } }, first: 1) { nodes { id } }
}"""

FIND = f"""query Find($id: ID!) {{
  issues(filter: {{ id: {{ eq: $id }} }}, first: 1, includeArchived: true) {{ nodes {{ {ISSUE} }} }}
}}"""

READ = f"""query Read($id: String!) {{
  issue(id: $id) {{ {ISSUE} }}
}}"""

CREATE = f"""mutation Create($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {{ {ISSUE} }} }}
}}"""

SAID = """query Said($id: ID!) {
  comments(filter: { id: { eq: $id } }, first: 1) { nodes { id } }
}"""

SAY = """mutation Say($input: CommentCreateInput!) {
  commentCreate(input: $input) { success }
}"""

LINK = """mutation Link($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success }
}"""
