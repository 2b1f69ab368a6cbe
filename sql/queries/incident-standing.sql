-- How the incidents of a tenant stand: keys of those that people still have to act on, the last write, and who folded last.
SELECT
    groupUniqArrayIf(incident_key, state NOT IN ('resolved', 'closed')) AS active,
    max(written) AS generation,
    argMax(folder, folded) AS last_folder
FROM
(
    SELECT
        incident_id,
        any(incidents.incident_key) AS incident_key,
        argMax(incidents.state, sequence) AS state,
        max(incidents.generation) AS written,
        argMaxIf(writer, incidents.generation, startsWith(writer, 'fold/')) AS folder,
        maxIf(incidents.generation, startsWith(writer, 'fold/')) AS folded
    FROM incidents
    WHERE tenant = {tenant:String}
    GROUP BY incident_id
)
