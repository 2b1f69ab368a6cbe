/** Bodies of ticket systems, after their public documentation, for tests. */

export const testIncidentId = 'inc_0123456789abcdef01234567';

/** A webhook v3 of PagerDuty. */
export function pagerDutyBody(type: string, changes: object = {}, incident: object = {}): object {
  return {
    event: {
      id: '01DEFGH',
      event_type: type,
      resource_type: 'incident',
      occurred_at: '2026-01-05T12:30:00.000Z',
      agent: {
        html_url: 'https://acme.pagerduty.com/users/PTUXL6G',
        id: 'PTUXL6G',
        self: 'https://api.pagerduty.com/users/PTUXL6G',
        summary: 'Ana Example',
        type: 'user_reference',
      },
      client: null,
      data: {
        id: 'PGR0VU2',
        type: 'incident',
        self: 'https://api.pagerduty.com/incidents/PGR0VU2',
        html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        number: 1234,
        status: 'acknowledged',
        incident_key: testIncidentId,
        created_at: '2026-01-05T12:00:00Z',
        title: 'Files are missing from msc1',
        service: { id: 'PF9KMXH', summary: 'Billing', type: 'service_reference' },
        assignees: [{ id: 'PBO', summary: 'Bo Example', type: 'user_reference' }],
        priority: { id: 'PSO75BM', summary: 'P2', type: 'priority_reference' },
        urgency: 'high',
        ...incident,
      },
      ...changes,
    },
  };
}

/** A record that a business rule of ServiceNow posts. */
export function serviceNowBody(changes: object = {}): object {
  return {
    record: {
      sys_id: '9d385017c611228701d22104cc95c371',
      number: 'INC0010023',
      correlation_id: testIncidentId,
      correlation_display: 'Weir',
      state: '3',
      hold_reason: { value: '4', display_value: 'Awaiting Vendor' },
      priority: { value: '2', display_value: '2 - High' },
      assigned_to: { value: '681ccaf9c0a8016400b98a06818d57c7', display_value: 'Bo Example' },
      sys_updated_on: '2026-01-05 12:30:00',
      sys_updated_by: 'ana.example',
      sys_mod_count: '4',
      ...changes,
    },
  };
}

/** An update of an issue of Jira. */
export function jiraBody(status: string, category: string): object {
  return {
    timestamp: Date.UTC(2026, 0, 5, 12, 30),
    webhookEvent: 'jira:issue_updated',
    issue_event_type_name: 'issue_generic',
    user: { self: 'https://acme.atlassian.net/rest/api/2/user?accountId=a1', accountId: 'a1', displayName: 'Ana Example', active: true },
    issue: {
      id: '10002',
      key: 'OPS-7',
      self: 'https://acme.atlassian.net/rest/api/2/10002',
      fields: {
        summary: 'Files are missing from msc1',
        status: { name: status, id: '3', statusCategory: { id: 4, key: category, name: category } },
        assignee: { accountId: 'b1', displayName: 'Bo Example' },
        priority: { id: '2', name: 'P2' },
        labels: ['weir', testIncidentId],
      },
    },
    changelog: { id: '10124', items: [{ field: 'status', fieldtype: 'jira', from: '1', fromString: 'Open', to: '3', toString: status }] },
  };
}

/** A change of status of a TMF621 server. */
export function tmf621Body(status: string, reason = 'as people said'): object {
  return {
    eventId: 'ev-1',
    eventTime: '2026-01-05T12:30:00.000Z',
    eventType: 'TroubleTicketStatusChangeEvent',
    event: {
      troubleTicket: {
        '@type': 'TroubleTicket',
        id: 'TT-5',
        href: 'https://tt.example/troubleTicket/v5/troubleTicket/TT-5',
        status,
        statusChangeReason: reason,
        statusChangeDate: '2026-01-05T12:30:00.000Z',
        severity: 'Major',
        ticketType: 'Incident',
        externalIdentifier: [{ '@type': 'ExternalIdentifier', owner: 'Weir', externalIdentifierType: 'incident', id: testIncidentId }],
        relatedParty: [
          {
            '@type': 'RelatedPartyRefOrPartyRoleRef',
            role: 'handler',
            partyOrPartyRole: { '@type': 'PartyRef', id: 'a1', name: 'Ana Example' },
          },
        ],
      },
    },
  };
}
