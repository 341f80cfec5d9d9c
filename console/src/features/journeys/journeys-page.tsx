/** Journeys are not there yet: the page says so, and what does the same work meanwhile. */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import { ProjectFrame } from '../../app/project-place.tsx';

export function JourneysPage() {
  return (
    <ProjectFrame title="Journeys">
      <Container>
        <Box>
          Journeys are not there yet: this version of the server answers their operations with “not implemented”.
          Scheduled, recurring and event-triggered sending is done with campaigns.
        </Box>
      </Container>
    </ProjectFrame>
  );
}
